package dev.slipway.sandbox.e2b;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.http.MediaType;

/// One upload: in parts, as the content comes.
final class FileWrites {
  private static final int PART = 65_536;

  private final InputStream content;
  private final AtomicLong sentBytes = new AtomicLong();
  private final AtomicReference<@Nullable Exception> sourceFailure = new AtomicReference<>();

  private FileWrites(InputStream content) {
    this.content = content;
  }

  static void write(EnvdCalls calls, String path, InputStream content) {
    var headers = new HttpHeaders();
    headers.setContentType(MediaType.APPLICATION_OCTET_STREAM);
    Call call =
        calls.plain(
            "write a file of sandbox " + calls.id(),
            HttpMethod.POST,
            "/files?path=" + MetadataFilter.once(path),
            headers);
    new FileWrites(content).send(calls, call);
  }

  private void send(EnvdCalls calls, Call call) {
    try {
      byte[] first = new byte[PART];
      int count = next(first);
      if (count < 0) {
        // Not as a stream: the JDK fails at one that ends before it was asked for more.
        var _ = calls.ask(call, _ -> false);
        return;
      }
      var _ = calls.upload(call, out -> copy(first, count, out), sentBytes::get);
    } catch (IOException | RuntimeException e) {
      // What breaks a connection is often that there is nothing more to send.
      throw own(sourceFailure.get(), e);
    }
  }

  private static RuntimeException own(@Nullable Exception ofSource, Exception failure) {
    return switch (ofSource == null ? failure : ofSource) {
      case IOException broken -> new UncheckedIOException(broken);
      case RuntimeException broken -> broken;
      case Exception impossible -> new IllegalStateException(impossible);
    };
  }

  private void copy(byte[] part, int first, OutputStream out) throws IOException {
    for (int count = first; count >= 0; count = next(part)) {
      out.write(part, 0, count);
      sentBytes.addAndGet(count);
    }
  }

  private int next(byte[] part) throws IOException {
    try {
      return content.read(part);
    } catch (IOException | RuntimeException e) {
      sourceFailure.set(e);
      throw e;
    }
  }
}
