package dev.slipway.sandbox.e2b;

import dev.slipway.sandbox.provider.ByteRange;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Optional;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.http.client.ClientHttpResponse;

/// Reads parts of files by HTTP ranges; what answers with the whole file is cut here.
final class FileReads {
  private final EnvdCalls calls;

  FileReads(EnvdCalls calls) {
    this.calls = calls;
  }

  Optional<InputStream> read(String path, ByteRange range) {
    var headers = new HttpHeaders();
    if (!range.equals(ByteRange.ALL)) {
      headers.set(HttpHeaders.RANGE, "bytes=" + bounds(range));
    }
    Call call =
        calls.plain(
            "read a file of sandbox " + calls.id(),
            HttpMethod.GET,
            "/files?path=" + MetadataFilter.once(path),
            headers);
    return calls.open(
        call,
        List.of(),
        FileReads::isReadHere,
        response -> body(call, range, response),
        FileReads::close);
  }

  private static String bounds(ByteRange range) {
    long end = range.offset() + range.length() - 1;
    // The sum runs over when the length means "all".
    return range.offset() + "-" + (end < 0 ? "" : end);
  }

  private Optional<InputStream> body(Call call, ByteRange range, ClientHttpResponse response)
      throws IOException {
    return switch (response.getStatusCode().value()) {
      case 404 -> absent(call, calls.answer(call, response));
      case 416 -> {
        // Read to its end, so that the connection is used again: this is how a reader that has all
        // there is looks for more.
        var _ = calls.answer(call, response);
        yield Optional.of(InputStream.nullInputStream());
      }
      case 206 -> Optional.of(part(call, range, response));
      default -> Optional.of(cut(call, calls.watched(response.getBody()), range));
    };
  }

  private static boolean isReadHere(int status) {
    return status == 404 || status == 416;
  }

  private Optional<InputStream> absent(Call call, Answer answer) {
    if (Complaint.of(answer).says(404)) {
      return Optional.empty();
    }
    throw calls.failure(call, answer, List.of());
  }

  private InputStream part(Call call, ByteRange range, ClientHttpResponse response)
      throws IOException {
    String part = response.getHeaders().getFirst(HttpHeaders.CONTENT_RANGE);
    if (part == null || !part.startsWith("bytes " + range.offset() + "-")) {
      throw calls.streamFailures(call.what()).unreadable("is another part of the file");
    }
    return stream(call, calls.watched(response.getBody()), range);
  }

  /// The whole file, of which a part was asked for.
  private InputStream cut(Call call, WatchedStream whole, ByteRange range) throws IOException {
    try {
      whole.skipNBytes(range.offset());
    } catch (EOFException _) {
      whole.close();
      return InputStream.nullInputStream();
    }
    return stream(call, whole, range);
  }

  private FileStream stream(Call call, WatchedStream body, ByteRange range) {
    return new FileStream(body, range.length(), calls.streamFailures(call.what()));
  }

  private static void close(Optional<InputStream> late) {
    late.ifPresent(stream -> {
      try {
        stream.close();
      } catch (IOException _) {
        // Nobody waits for it any more.
      }
    });
  }
}
