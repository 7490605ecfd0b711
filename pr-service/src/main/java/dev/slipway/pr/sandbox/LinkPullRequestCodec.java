package dev.slipway.pr.sandbox;

import dev.slipway.pipeline.core.AggregateId;
import dev.slipway.pipeline.stage.CommandCodec;
import dev.slipway.schemas.Topic;
import dev.slipway.schemas.Topics;
import dev.slipway.schemas.context.Context;
import dev.slipway.schemas.sandbox.SandboxCommand;
import java.util.Objects;
import org.apache.kafka.common.serialization.Serializer;

/// Writes the command for `sandbox.commands`.
final class LinkPullRequestCodec implements CommandCodec<LinkPullRequest> {
  private final Serializer<SandboxCommand> serializer;
  private final String topic;

  /// @param topic the name that the cluster knows the topic by
  LinkPullRequestCodec(Serializer<SandboxCommand> serializer, String topic) {
    this.serializer = serializer;
    this.topic = topic;
  }

  @Override
  public Topic topic() {
    return Topics.SANDBOX_COMMANDS;
  }

  @Override
  public String source() {
    return "pr-service";
  }

  @Override
  public String type(LinkPullRequest command) {
    return "sandbox.link_pull_request";
  }

  @Override
  public String key(AggregateId sender, LinkPullRequest command) {
    return sender.key();
  }

  @Override
  public byte[] encode(AggregateId sender, LinkPullRequest command) {
    return Objects.requireNonNull(
        serializer.serialize(
            topic,
            new SandboxCommand(
                new Context(sender.tenant(), null, null, null, null, null, null, sender.key()),
                new dev.slipway.schemas.sandbox.LinkPullRequest(
                    command.pullRequest().repositoryId(), command.pullRequest().number()))));
  }

  /// Asks the registry for the schema's id, so that no decision has to wait for it.
  @Override
  public void prepare() {
    var _ = encode(new AggregateId("", ""), new LinkPullRequest(new PullRequestNumber(0, 0)));
  }
}
