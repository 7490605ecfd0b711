package dev.slipway.pr.task;

import dev.slipway.pipeline.core.AggregateId;
import dev.slipway.pipeline.stage.CommandCodec;
import dev.slipway.schemas.Topic;
import dev.slipway.schemas.Topics;
import dev.slipway.schemas.sandbox.CloneRepository;
import dev.slipway.schemas.sandbox.CommitChanges;
import dev.slipway.schemas.sandbox.CreateBranch;
import dev.slipway.schemas.sandbox.CreateSandbox;
import dev.slipway.schemas.sandbox.KillReason;
import dev.slipway.schemas.sandbox.PushBranch;
import dev.slipway.schemas.sandbox.RunCommand;
import dev.slipway.schemas.sandbox.SandboxCommand;
import dev.slipway.schemas.sandbox.TerminateSandbox;
import java.util.Objects;
import java.util.UUID;
import org.apache.kafka.common.serialization.Serializer;

/// Writes what tasks want of their sandboxes for `sandbox.commands`.
final class SandboxWishCodec implements CommandCodec<SandboxWish> {
  private final Serializer<SandboxCommand> serializer;
  private final String topic;

  /// @param topic the name that the cluster knows the topic by
  SandboxWishCodec(Serializer<SandboxCommand> serializer, String topic) {
    this.serializer = serializer;
    this.topic = topic;
  }

  @Override
  public Topic topic() {
    return Topics.SANDBOX_COMMANDS;
  }

  @Override
  public String source() {
    return TaskEventCodec.SOURCE;
  }

  @Override
  public String type(SandboxWish wish) {
    return switch (wish) {
      case SandboxWish.Create _ -> "sandbox.create";
      case SandboxWish.Clone _ -> "sandbox.clone";
      case SandboxWish.Branch _ -> "sandbox.branch";
      case SandboxWish.Run _ -> "sandbox.run_command";
      case SandboxWish.Commit _ -> "sandbox.commit";
      case SandboxWish.Push _ -> "sandbox.push";
      case SandboxWish.Terminate _ -> "sandbox.terminate";
    };
  }

  @Override
  public String key(AggregateId sender, SandboxWish wish) {
    return wish.sandbox().toString();
  }

  @Override
  public byte[] encode(AggregateId sender, SandboxWish wish) {
    return Objects.requireNonNull(
        serializer.serialize(
            topic,
            new SandboxCommand(
                TaskValueCodec.context(
                    sender.tenant(), sender.key(), wish.sandbox().toString(), wish.owner()),
                body(wish))));
  }

  private static Object body(SandboxWish wish) {
    return switch (wish) {
      case SandboxWish.Create create ->
          CreateSandbox.newBuilder()
              .setTemplate(create.spec().template())
              .setTimeoutSeconds(create.spec().sandboxLife())
              .setRepositoryUrl(create.spec().repositoryUrl())
              .build();
      case SandboxWish.Clone clone ->
          CloneRepository.newBuilder()
              .setRepositoryUrl(clone.spec().repositoryUrl())
              .setPath(clone.spec().path())
              .setBranch(clone.spec().baseBranch())
              .build();
      case SandboxWish.Branch(_, _, var path, var name) -> new CreateBranch(path, name);
      case SandboxWish.Run(_, _, var path, _, var line, var timeoutSeconds) ->
          RunCommand.newBuilder()
              .setCommand(line.command())
              .setCwd(path)
              .setEnvironment(line.environment())
              .setTimeoutSeconds(timeoutSeconds)
              .setStdin(line.stdin())
              .build();
      case SandboxWish.Commit(_, _, var path, var message, var at) ->
          CommitChanges.newBuilder().setPath(path).setMessage(message).setCommittedAt(at).build();
      case SandboxWish.Push(_, _, var path) -> new PushBranch(path);
      case SandboxWish.Terminate(_, _, var cancelled) ->
          new TerminateSandbox(cancelled ? KillReason.TASK_CANCELLED : KillReason.TASK_FINISHED);
    };
  }

  /// Asks the registry for the schema's id, so that no decision has to wait for it.
  @Override
  public void prepare() {
    var _ =
        encode(new AggregateId("", ""), new SandboxWish.Push(new UUID(0, 0), TaskOwner.NONE, ""));
  }
}
