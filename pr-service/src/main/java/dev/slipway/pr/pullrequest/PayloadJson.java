package dev.slipway.pr.pullrequest;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import java.io.InputStream;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.MapperFeature;
import tools.jackson.databind.ObjectReader;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.cfg.MapperConfig;
import tools.jackson.databind.introspect.Annotated;
import tools.jackson.databind.introspect.JacksonAnnotationIntrospector;
import tools.jackson.databind.json.JsonMapper;

/// The part of GitHub's payloads that is read here, in GitHub's names; everything else is skipped.
record PayloadJson(
    @Nullable PullRequestJson pullRequest,
    @Nullable RepositoryJson repository,
    @Nullable ReviewJson review,
    @Nullable CommentJson comment,
    @Nullable IssueJson issue,
    @Nullable CheckRunJson checkRun,
    @Nullable WorkflowRunJson workflowRun,
    @Nullable ChangesJson changes,
    @Nullable Long number,
    @Nullable Long id,
    @Nullable String sha,
    @Nullable String state,
    @Nullable String context,
    @Nullable Instant updatedAt) {
  private static final JsonMapper JSON =
      JsonMapper.builder(
              JsonFactory.builder()
                  // the ingress took it: it is well-formed, and bounded as a whole
                  .streamReadConstraints(
                      StreamReadConstraints.builder()
                          .maxNestingDepth(Integer.MAX_VALUE)
                          .maxNameLength(Integer.MAX_VALUE)
                          .maxNumberLength(Integer.MAX_VALUE)
                          .maxStringLength(Integer.MAX_VALUE)
                          .build())
                  .build())
          .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
          .annotationIntrospector(new UnknownSkipped())
          .addModule(ScalarJson.module())
          .disable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS)
          .build();
  private static final ObjectReader PAYLOAD = JSON.readerFor(PayloadJson.class);
  private static final ObjectReader PULL_REQUEST = JSON.readerFor(PullRequestJson.class);

  /// @return null for the literal `null`
  /// @throws tools.jackson.core.JacksonException when something is of another type than documented
  static @Nullable PayloadJson read(InputStream json) {
    return PAYLOAD.readValue(json);
  }

  /// @return null for the literal `null`
  /// @throws tools.jackson.core.JacksonException when something is of another type than documented
  static @Nullable PullRequestJson readPullRequest(InputStream json) {
    return PULL_REQUEST.readValue(json);
  }

  /// The repository's name, and the one it had before when the payload says so.
  List<Fact> names() {
    List<Fact> names = new ArrayList<>();
    if (repository != null && repository.fullName() != null) {
      names.add(named(repository, repository.fullName()));
      String former = changes == null ? null : changes.formerName(repository.fullName());
      if (former != null) {
        names.add(named(former, null, null));
      }
    }
    return names;
  }

  /// That the repository has the name, by its own account.
  static Fact named(RepositoryJson repository, String fullName) {
    return named(fullName, repository.htmlUrl(), ValueCodec.time(repository.updatedAt()));
  }

  private static Fact named(String fullName, @Nullable String url, @Nullable Instant seenAt) {
    return new Fact.Named(
        new RepositoryName(
            ValueCodec.key(fullName),
            ValueCodec.textOrNull(url),
            seenAt == null ? Instant.EPOCH : seenAt));
  }

  record UserJson(@Nullable Long id, @Nullable String login) {}

  record LabelJson(@Nullable String name) {}

  record BranchJson(@Nullable String ref, @Nullable String sha, @Nullable RepositoryJson repo) {}

  record RepositoryJson(
      @Nullable Long id,
      @Nullable String fullName,
      @Nullable String htmlUrl,
      @Nullable Instant updatedAt) {}

  record PullRequestJson(
      @Nullable Long id,
      @Nullable String nodeId,
      @Nullable Long number,
      @Nullable String htmlUrl,
      @Nullable String state,
      @Nullable String title,
      @Nullable UserJson user,
      @Nullable Boolean draft,
      @Nullable List<@Nullable LabelJson> labels,
      @Nullable BranchJson head,
      @Nullable BranchJson base,
      @Nullable Instant createdAt,
      @Nullable Instant updatedAt,
      @Nullable Instant closedAt,
      @Nullable Instant mergedAt,
      @Nullable UserJson mergedBy,
      @Nullable String mergeCommitSha) {}

  record ReviewJson(
      @Nullable Long id,
      @Nullable String state,
      @Nullable UserJson user,
      @Nullable String commitId,
      @Nullable Instant submittedAt,
      @Nullable Instant updatedAt) {}

  record CommentJson(@Nullable Long id, @Nullable UserJson user, @Nullable Instant updatedAt) {}

  /// @param pullRequest null for an issue that is no pull request
  record IssueJson(@Nullable Long number, @Nullable IssuePullRequestJson pullRequest) {}

  record IssuePullRequestJson(@Nullable Instant mergedAt) {}

  record AppJson(@Nullable Long id) {}

  record CheckRunJson(
      @Nullable Long id,
      @Nullable String name,
      @Nullable String headSha,
      @Nullable String status,
      @Nullable String conclusion,
      @Nullable Instant completedAt,
      @Nullable AppJson app) {}

  record WorkflowRunJson(
      @Nullable Long id,
      @Nullable Long runAttempt,
      @Nullable String headSha,
      @Nullable String status,
      @Nullable String conclusion,
      @Nullable Instant updatedAt) {}

  /// What a rename or a transfer changed.
  record ChangesJson(@Nullable RepositoryChangeJson repository, @Nullable OwnerChangeJson owner) {
    @Nullable String formerName(String fullName) {
      int slash = fullName.indexOf('/');
      if (slash < 0) {
        return null;
      }
      String name =
          repository == null || repository.name() == null ? null : repository.name().from();
      if (name != null) {
        return fullName.substring(0, slash) + "/" + name;
      }
      String login = owner == null || owner.from() == null ? null : owner.from().login();
      return login == null ? null : login + fullName.substring(slash);
    }
  }

  record RepositoryChangeJson(@Nullable FromJson name) {}

  record FromJson(@Nullable String from) {}

  record OwnerChangeJson(@Nullable FormerOwnerJson from) {}

  record FormerOwnerJson(@Nullable UserJson user, @Nullable UserJson organization) {
    @Nullable String login() {
      UserJson former = user == null ? organization : user;
      return former == null ? null : former.login();
    }
  }

  /// Most of a payload is nothing to us. Without this, and unknown properties merely allowed,
  /// Jackson would keep a copy of each until the record is complete.
  private static final class UnknownSkipped extends JacksonAnnotationIntrospector {
    private static final long serialVersionUID = 1;

    @Override
    public JsonIgnoreProperties.Value findPropertyIgnoralByName(
        MapperConfig<?> config, Annotated annotated) {
      return JsonIgnoreProperties.Value.forIgnoreUnknown(true);
    }
  }
}
