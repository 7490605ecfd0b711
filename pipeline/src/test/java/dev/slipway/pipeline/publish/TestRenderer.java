package dev.slipway.pipeline.publish;

import dev.slipway.pipeline.error.PermanentException;
import dev.slipway.pipeline.kafka.CloudEvent;
import dev.slipway.pipeline.live.EventJson;
import dev.slipway.pipeline.live.PublicEvent;
import dev.slipway.schemas.Topics;
import dev.slipway.schemas.context.Context;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/// What the public sees of the records of tests: their values are texts.
final class TestRenderer {
  /// A value that cannot be rendered.
  static final String UNREADABLE = "unreadable";

  private TestRenderer() {}

  static Optional<PublicEvent> render(
      String topic, String tenant, CloudEvent envelope, byte[] value) {
    if (!topic.equals(Topics.PULL_REQUEST_EVENTS.name())) {
      return Optional.empty();
    }
    String text = new String(value, StandardCharsets.UTF_8);
    if (text.equals(UNREADABLE)) {
      throw new PermanentException("not known", null);
    }
    var context = new Context(tenant, null, null, null, null, null, null, null);
    var head =
        new EventJson.Head(envelope.id(), envelope.type(), envelope.time(), envelope.sequence());
    byte[] json = EventJson.write(head, context, data -> data.writeStringProperty("text", text));
    return Optional.of(
        new PublicEvent(context, List.of("/t/" + tenant + "/test"), envelope.type(), json));
  }
}
