package dev.slipway.sandbox.git;

import dev.slipway.pipeline.core.BranchPrefix;
import dev.slipway.pipeline.disk.DiskSpace;
import dev.slipway.sandbox.sandbox.OperationRequests;
import dev.slipway.web.github.GitHubApi;
import dev.slipway.web.github.GitHubConfiguration;
import dev.slipway.web.github.GitHubProperties;
import dev.slipway.web.security.AccessRule;
import dev.slipway.web.security.Scope;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Set;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;

/// Beans of the git feature.
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(GitProperties.class)
@Import(GitHubConfiguration.class)
public class GitConfiguration {
  @Bean
  AccessRule gitAccessRule() {
    return AccessRule.needs(Scope.SANDBOXES, "/api/v1/git/**");
  }

  /// No other service gets it by accident.
  @Bean(defaultCandidate = false)
  @Qualifier("sandbox")
  BranchPrefix sandboxTaskBranches(GitProperties properties) {
    return properties.branchPrefix();
  }

  @Bean
  GitAccess gitAccess(GitProperties properties, GitHubProperties github, GitHubApi api) {
    String host = github.gitHost();
    return new GitAccess(
        new GitHosts(
            properties.hosts().isEmpty() ? Set.of(host) : Set.copyOf(properties.hosts()),
            github.isPlain() ? host : null),
        api.credentials());
  }

  @Bean
  Snapshots snapshots(GitProperties properties, DiskSpace disk) {
    Path directory = properties.directory();
    try {
      return Snapshots.open(
          directory == null
              ? OwnFolder.claimInShared(
                  Path.of(
                      System.getProperty("java.io.tmpdir"),
                      "slipway-git-" + System.getProperty("user.name")))
              : OwnFolder.claim(directory),
          properties.snapshotsSize().toBytes(),
          properties.repositorySize().toBytes(),
          disk,
          Clock.systemUTC());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Bean
  GitActs gitActs(
      GitProperties properties,
      GitHubProperties github,
      GitHubApi api,
      GitAccess access,
      Snapshots snapshots) {
    Git git = Git.in(snapshots.making(), properties.timeout(), System.getenv());
    long patchBytes = properties.patchSize().toBytes();
    long repositoryBytes = properties.repositorySize().toBytes();
    var lfs = new LfsAct(git, snapshots, repositoryBytes, properties.timeout());
    var clones = new CloneAct(git, access, snapshots, repositoryBytes, lfs, Clock.systemUTC());
    var remaking = new Remaking(git, access, snapshots, clones, patchBytes);
    Git pushing = git.within(properties.pushTimeout());
    return new GitActs(
        git,
        access,
        clones,
        new CommitAct(remaking, properties.workflows(), patchBytes, Clock.systemUTC()),
        new PushAct(
            git, pushing, access, remaking, new FormerPushes(api, github.gitHost(), access)),
        properties);
  }

  @Bean
  GitController gitController(OperationRequests operations, GitAccess access) {
    return new GitController(operations, access);
  }
}
