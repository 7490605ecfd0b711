package dev.slipway.sandbox.sandbox;

import dev.slipway.pipeline.core.BranchPrefix;
import dev.slipway.pipeline.core.RepositoryUrl;
import dev.slipway.pipeline.core.Violation;
import dev.slipway.pipeline.error.PermanentException;
import dev.slipway.pipeline.kafka.CloudEvent;
import dev.slipway.pipeline.kafka.RecordKey;
import dev.slipway.pipeline.stage.Input;
import dev.slipway.pipeline.stage.RecordDecoder;
import dev.slipway.schemas.sandbox.CancelOperation;
import dev.slipway.schemas.sandbox.CloneRepository;
import dev.slipway.schemas.sandbox.CommitChanges;
import dev.slipway.schemas.sandbox.CreateBranch;
import dev.slipway.schemas.sandbox.CreateSandbox;
import dev.slipway.schemas.sandbox.ExtendSandbox;
import dev.slipway.schemas.sandbox.LinkPullRequest;
import dev.slipway.schemas.sandbox.PauseSandbox;
import dev.slipway.schemas.sandbox.PushBranch;
import dev.slipway.schemas.sandbox.ResetSandbox;
import dev.slipway.schemas.sandbox.ResumeSandbox;
import dev.slipway.schemas.sandbox.RunCommand;
import dev.slipway.schemas.sandbox.SandboxCommand;
import dev.slipway.schemas.sandbox.TerminateSandbox;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Pattern;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.serialization.Deserializer;
import org.jspecify.annotations.Nullable;

/// Reads records of `sandbox.commands`. What a command is, its body says: its `ce_type` is for
/// people.
final class SandboxCommandCodec implements RecordDecoder<SandboxInput> {
  private static final Pattern TENANT = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,63}");

  private final Deserializer<SandboxCommand> deserializer;
  private final RepositoryRule repositories;
  private final BranchPrefix tasks;

  SandboxCommandCodec(
      Deserializer<SandboxCommand> deserializer, RepositoryRule repositories, BranchPrefix tasks) {
    this.deserializer = deserializer;
    this.repositories = repositories;
    this.tasks = tasks;
  }

  @Override
  public Optional<Input<SandboxInput>> decode(
      ConsumerRecord<byte[], byte[]> record, CloudEvent envelope) {
    if (record.value() == null) {
      throw new PermanentException("no value", null);
    }
    // of any class: the bytes name it
    Object value = deserializer.deserialize(record.topic(), record.headers(), record.value());
    if (!(value instanceof SandboxCommand command)) {
      throw new PermanentException("it is no command for a sandbox", null);
    }
    String tenant = command.getContext().getTenant();
    if (!TENANT.matcher(tenant).matches()) {
      throw new PermanentException("its context has no tenant", null);
    }
    return Optional.of(
        Input.to(
            tenant,
            RecordKey.uuid(record.key(), "sandbox").toString(),
            input(tenant, envelope.id(), command)));
  }

  /// @param id of the record, and so of the operation that comes of it
  private SandboxInput input(String tenant, UUID id, SandboxCommand command) {
    return switch (command.getBody()) {
      case CreateSandbox create ->
          create(id, create, SandboxValueCodec.context(command.getContext()));
      case RunCommand run -> run(id, run);
      case CloneRepository clone -> clone(tenant, id, clone);
      case CreateBranch branch -> branch(id, branch);
      case CommitChanges commit ->
          work(
              new SandboxOperation.Commit(
                  id,
                  commit.getPath(),
                  commit.getMessage(),
                  GitValueCodec.author(commit.getAuthor()),
                  commit.getCommittedAt()));
      case PushBranch push -> work(new SandboxOperation.Push(id, push.getPath()));
      case LinkPullRequest link -> {
        if (link.getRepositoryId() < 1 || link.getNumber() < 1) {
          throw new PermanentException("its pull request has no number", null);
        }
        yield new SandboxInput.Link(
            id, new PullRequestLink(link.getRepositoryId(), link.getNumber()));
      }
      case PauseSandbox _ -> new SandboxInput.Pause(id);
      case ResumeSandbox _ -> new SandboxInput.Resume(id);
      case ResetSandbox _ -> new SandboxInput.Reset(id);
      case ExtendSandbox extend -> {
        Duration timeout = Duration.ofSeconds(extend.getTimeoutSeconds());
        yield checked(id, SandboxRules.violations(timeout), new SandboxInput.Extend(id, timeout));
      }
      case TerminateSandbox terminate ->
          new SandboxInput.Terminate(id, reason(terminate.getReason()));
      case CancelOperation cancel -> new SandboxInput.Cancel(id, cancel.getOperationId());
      default -> throw new PermanentException("it is no command that this build knows", null);
    };
  }

  private static SandboxInput create(UUID id, CreateSandbox create, SandboxContext context) {
    var spec =
        new SandboxSpec(
            create.getTemplate(),
            Duration.ofSeconds(create.getTimeoutSeconds()),
            create.getMetadata(),
            create.getEnvironment(),
            network(create.getNetwork()),
            create.getRepositoryUrl(),
            create.getName());
    return checked(
        id, SandboxRules.violations(spec, context), new SandboxInput.Create(id, spec, context));
  }

  private static Network network(dev.slipway.schemas.sandbox.@Nullable Network network) {
    return network == null
        ? Network.ON
        : SandboxValueCodec.network(network)
            .orElseThrow(() ->
                new PermanentException("its network is of no mode that this build knows", null));
  }

  private static SandboxInput run(UUID id, RunCommand run) {
    List<String> argv = run.getArgv();
    var command =
        new CommandSpec(
            run.getCommand(),
            argv == null ? List.of() : argv,
            run.getCwd(),
            run.getEnvironment(),
            Duration.ofSeconds(run.getTimeoutSeconds()),
            run.getStdin());
    return checked(id, SandboxRules.violations(command), new SandboxInput.RunCommand(id, command));
  }

  private SandboxInput clone(String tenant, UUID id, CloneRepository clone) {
    Optional<RepositoryUrl> named =
        RepositoryUrl.parse(clone.getRepositoryUrl()).filter(RepositoryUrl::isNamed);
    if (named.isEmpty()) {
      return new SandboxInput.Refused(id, "repository_url: It must be a repository's address.");
    }
    RepositoryUrl url = named.get();
    return repositories
        .refusal(tenant, url)
        .<SandboxInput>map(why -> new SandboxInput.Refused(id, "repository_url: " + why))
        .orElseGet(() ->
            work(
                new SandboxOperation.Clone(
                    id,
                    clone.getPath() == null ? GitRules.home(url) : clone.getPath(),
                    url.value(),
                    clone.getBranch(),
                    clone.getDepth(),
                    clone.getSubmodules(),
                    clone.getLfs())));
  }

  private SandboxInput branch(UUID id, CreateBranch branch) {
    var wanted = new SandboxOperation.Branch(id, branch.getPath(), branch.getName());
    return tasks
        .taskOf(branch.getName())
        .map(task ->
            checked(id, GitRules.violations(wanted), new SandboxInput.TaskBranch(wanted, task)))
        .orElseGet(() -> work(wanted));
  }

  private static SandboxInput work(SandboxOperation.Git wanted) {
    return checked(wanted.operation(), GitRules.violations(wanted), new SandboxInput.Work(wanted));
  }

  private static KillReason reason(dev.slipway.schemas.sandbox.KillReason reason) {
    return switch (reason) {
      case REQUESTED -> KillReason.REQUESTED;
      case TASK_FINISHED -> KillReason.TASK_FINISHED;
      case TASK_CANCELLED -> KillReason.TASK_CANCELLED;
      case EXPIRED, ORPHAN, PROVIDER_GONE, START_FAILED, UNKNOWN ->
          throw new PermanentException("nobody may end a sandbox for that reason", null);
    };
  }

  /// Whoever sent it is told by an event: he may wait for what comes of it, and what he sent after
  /// it is not to wait for people to look at a dead letter.
  private static SandboxInput checked(UUID id, List<Violation> violations, SandboxInput input) {
    return violations.isEmpty() ? input : new SandboxInput.Refused(id, Violation.told(violations));
  }
}
