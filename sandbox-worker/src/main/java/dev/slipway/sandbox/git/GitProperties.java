package dev.slipway.sandbox.git;

import dev.slipway.pipeline.core.BranchPrefix;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.hibernate.validator.constraints.time.DurationMax;
import org.hibernate.validator.constraints.time.DurationMin;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;
import org.springframework.validation.annotation.Validated;

/// How repositories are brought in and out.
///
/// @param directory for snapshots of repositories and what is made of them; null for one below the
///   machine's folder for temporary files. Processes may share it
/// @param hosts that may be spoken to, each as `host` or `host:port`; none: the host of GitHub's
///   API. Over http only that one is spoken to, and only if its API is
/// @param timeout for one run of git. Shorter, and large repositories cannot be had; longer, and a
///   host that hangs holds up what waits behind it in its sandbox
/// @param pushTimeout for one push. Nobody else takes it over as long as it may last: longer, and
///   what a worker had who was killed in it waits longer; shorter, and large changes do not leave
/// @param repositorySize of the largest repository that is fetched, as git packs it
/// @param snapshotsSize of all snapshots of a process; beyond it those go that were used longest
///   ago
/// @param patchSize of the largest patch that comes out of a sandbox, as text
/// @param workflows tenants whose patches may change GitHub's workflows and actions: whoever can do
///   that runs what he likes with the secrets of the repository
/// @param branchPrefix of the branches of tasks, which nobody else may make: the service that sends
///   tasks' commands must have the same, else their branches are refused
@ConfigurationProperties(prefix = "slipway.git", ignoreUnknownFields = false)
@Validated
record GitProperties(
    @Nullable Path directory,
    @DefaultValue List<String> hosts,
    @DefaultValue("5m") @DurationMin(seconds = 1) @DurationMax(minutes = 9) Duration timeout,
    @DefaultValue("1m") @DurationMin(seconds = 1) @DurationMax(minutes = 9) Duration pushTimeout,
    @DefaultValue("1GB") DataSize repositorySize,
    @DefaultValue("10GB") DataSize snapshotsSize,
    @DefaultValue("64MB") DataSize patchSize,
    @DefaultValue List<String> workflows,
    @DefaultValue("slipway/") BranchPrefix branchPrefix) {
  GitProperties {
    hosts = List.copyOf(hosts);
    workflows = List.copyOf(workflows);
    if (repositorySize.compareTo(snapshotsSize) > 0) {
      throw new IllegalArgumentException("repository-size must fit into snapshots-size");
    }
  }
}
