package dev.slipway.locale2b.envd;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.util.Map;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Writes the envelopes of a stream of the Connect protocol and reads the one of its request: a
/// byte of flags, four of length, JSON. One thread uses it.
final class Envelopes {
  private static final JsonMapper JSON = JsonMapper.shared();
  private static final int HEAD = 5;
  private static final int LONGEST = 4 << 20;
  private static final int COMPRESSED = 1;
  private static final int END = 2;

  private final OutputStream out;

  Envelopes(OutputStream out) {
    this.out = out;
  }

  /// The message of a request that has one.
  static JsonNode read(InputStream in) throws IOException {
    byte[] head = in.readNBytes(HEAD);
    if (head.length < HEAD) {
      throw new RpcException(RpcCode.INVALID_ARGUMENT, "the request has no envelope");
    }
    ByteBuffer numbers = ByteBuffer.wrap(head);
    int flags = numbers.get();
    int length = numbers.getInt();
    if ((flags & COMPRESSED) != 0) {
      throw new RpcException(RpcCode.UNIMPLEMENTED, "compressed envelopes are not understood");
    }
    if (length < 0 || length > LONGEST) {
      throw new RpcException(RpcCode.RESOURCE_EXHAUSTED, "the request is too large");
    }
    byte[] payload = in.readNBytes(length);
    if (payload.length < length) {
      throw new EOFException("the request ends within its envelope");
    }
    try {
      return JSON.readTree(payload);
    } catch (JacksonException _) {
      throw new RpcException(RpcCode.INVALID_ARGUMENT, "the request is not JSON");
    }
  }

  void message(Object json) throws IOException {
    write(0, json);
  }

  void end() throws IOException {
    write(END, Map.of());
  }

  void end(RpcException failure) throws IOException {
    write(END, Map.of("error", failure.json()));
  }

  /// In one write, so that it is sent at once and whole.
  private void write(int flags, Object json) throws IOException {
    byte[] payload = JSON.writeValueAsBytes(json);
    out.write(
        ByteBuffer.allocate(HEAD + payload.length)
            .put((byte) flags)
            .putInt(payload.length)
            .put(payload)
            .array());
  }
}
