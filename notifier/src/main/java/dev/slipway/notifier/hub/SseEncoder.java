package dev.slipway.notifier.hub;

import dev.slipway.notifier.hub.Signal.Heartbeat;
import dev.slipway.notifier.hub.Signal.Moved;
import dev.slipway.notifier.hub.Signal.Reset;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.DataBufferFactory;
import org.springframework.core.io.buffer.NettyDataBufferFactory;
import tools.jackson.databind.json.JsonMapper;

/// Signals as server-sent events (HTML Standard §9.2).
final class SseEncoder {
  private static final byte[] HEARTBEAT = bytes(": heartbeat\n\n");

  private final JsonMapper json;

  SseEncoder(JsonMapper json) {
    this.json = json;
  }

  private record ResetBody(String type, String reason, List<String> snapshot) {}

  byte[] encode(Signal signal) {
    return switch (signal) {
      case LiveEvent event -> event.frame();
      case Heartbeat() -> HEARTBEAT;
      case Moved(var cursor) -> bytes("event: cursor\nid: " + cursor.text() + "\ndata: {}\n\n");
      case Reset(var reason, var cursor, var snapshot) ->
          bytes(
              "event: reset\nid: "
                  + cursor.text()
                  + "\ndata: "
                  + json.writeValueAsString(new ResetBody("reset", reason.value(), snapshot))
                  + "\n\n");
    };
  }

  /// All signals in one buffer that shares their bytes.
  DataBuffer encode(List<Signal> signals, DataBufferFactory buffers) {
    byte[][] parts = new byte[signals.size()][];
    for (int i = 0; i < parts.length; i++) {
      parts[i] = encode(signals.get(i));
    }
    if (parts.length == 1) {
      return buffers.wrap(parts[0]);
    }
    return buffers instanceof NettyDataBufferFactory netty
        ? netty.wrap(Unpooled.wrappedBuffer(parts.length, parts))
        : buffers.join(List.of(parts).stream().<DataBuffer>map(buffers::wrap).toList());
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
