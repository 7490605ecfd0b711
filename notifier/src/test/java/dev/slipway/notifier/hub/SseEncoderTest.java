package dev.slipway.notifier.hub;

import static dev.slipway.notifier.hub.TestEvents.TOPIC;
import static dev.slipway.notifier.hub.TestEvents.event;
import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.pipeline.live.Cursor;
import dev.slipway.pipeline.live.LogPosition;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.springframework.core.io.buffer.DataBufferFactory;
import org.springframework.core.io.buffer.DefaultDataBufferFactory;
import org.springframework.core.io.buffer.NettyDataBufferFactory;
import tools.jackson.databind.json.JsonMapper;

class SseEncoderTest {
  private static final Cursor CURSOR = Cursor.of(TOPIC, 0, LogPosition.at(8), "acme");

  private final SseEncoder encoder = new SseEncoder(JsonMapper.builder().build());

  @Test
  void aSignalIsAFrame() {
    String id = CURSOR.text();

    assertThat(text(new Signal.Moved(CURSOR)))
        .isEqualTo("event: cursor\nid: " + id + "\ndata: {}\n\n");
    assertThat(text(new Signal.Heartbeat())).isEqualTo(": heartbeat\n\n");
    assertThat(text(new Signal.Reset(ResetReason.EXPIRED, CURSOR, List.of("/a", "/b"))))
        .isEqualTo(
            "event: reset\nid: "
                + id
                + "\ndata: {\"type\":\"reset\",\"reason\":\"expired\",\"snapshot\":[\"/a\",\"/b\"]}\n\n");
    assertThat(text(event("acme", 7, "{\"ü\":1}")))
        .isEqualTo("id: " + id + "\ndata: {\"ü\":1}\n\n");
  }

  @Test
  void anEventIsOnOneLine() {
    assertThat(text(event("acme", 7, "{\r\n \"a\":\n1}")))
        .isEqualTo("id: " + CURSOR.text() + "\ndata: {   \"a\": 1}\n\n");
  }

  @Test
  void aBatchIsItsFramesInOrderWhateverTheBuffers() {
    List<Signal> batch = List.of(new Signal.Moved(CURSOR), event(1), event(2));
    String expected = String.join("", batch.stream().map(this::text).toList());
    DataBufferFactory netty = new NettyDataBufferFactory(UnpooledByteBufAllocator.DEFAULT);
    DataBufferFactory plain = new DefaultDataBufferFactory();

    assertThat(encoder.encode(batch, netty).toString(StandardCharsets.UTF_8)).isEqualTo(expected);
    assertThat(encoder.encode(batch, plain).toString(StandardCharsets.UTF_8)).isEqualTo(expected);
    assertThat(encoder.encode(batch.subList(1, 2), netty).toString(StandardCharsets.UTF_8))
        .isEqualTo(text(batch.get(1)));
  }

  private String text(Signal signal) {
    return new String(encoder.encode(signal), StandardCharsets.UTF_8);
  }
}
