package dev.slipway.locale2b.envd;

import dev.slipway.localserver.Exchange;
import dev.slipway.localserver.RefusedException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Optional;
import java.util.zip.GZIPOutputStream;

/// Streams a file out of a box.
final class FileDownload {
  private static final DateTimeFormatter DATE = DateTimeFormatter.RFC_1123_DATE_TIME;
  private static final int LINE_BYTES = 64;

  private final Exchange exchange;
  private final BoxTool tool;
  private final String path;

  private FileDownload(Exchange exchange, BoxTool tool, String path) {
    this.exchange = exchange;
    this.tool = tool;
    this.path = path;
  }

  /// Answers with a file, or with the part of it that is asked for.
  static void answer(Exchange exchange, Daemon daemon, Account account, String path)
      throws IOException, InterruptedException {
    AcceptedEncoding encoding = AcceptedEncoding.of(exchange.header("Accept-Encoding"));
    if (encoding == AcceptedEncoding.NONE) {
      throw new RefusedException(406, "neither identity nor gzip is accepted");
    }
    try (BoxTool tool = BoxTool.start(daemon.box(), account, true, "read", path)) {
      FileDownload download = new FileDownload(exchange, tool, path);
      boolean _ =
          Pipes.call(() -> {
            download.run(encoding);
            return true;
          });
    } catch (FileFailedException e) {
      throw e.asHttp();
    }
  }

  private void run(AcceptedEncoding encoding) throws IOException {
    try (InputStream content = tool.process().stdout();
        OutputStream request = tool.process().stdin()) {
      String[] facts = line(content).split(" ", 2);
      if (facts.length < 2) {
        tool.finish();
        throw new IllegalStateException("the tool said nothing of the file");
      }
      long size = Long.parseLong(facts[0]);
      Instant modified = Instant.ofEpochSecond(Long.parseLong(facts[1]));
      exchange
          .set("Content-Type", "application/octet-stream")
          .set("Content-Disposition", disposition(BoxPaths.name(path)))
          .set("Last-Modified", DATE.format(modified.atOffset(ZoneOffset.UTC)))
          .set("Accept-Ranges", "bytes")
          .set("Vary", "Accept-Encoding");
      if (date("If-Modified-Since").filter(since -> !modified.isAfter(since)).isPresent()) {
        exchange.answer(304);
        return;
      }
      boolean isRange =
          exchange.header("Range").isPresent()
              && (exchange.header("If-Range").isEmpty()
                  || date("If-Range").equals(Optional.of(modified)));
      if (isRange) {
        part(content, request, size);
      } else {
        whole(content, request, size, encoding);
      }
    }
  }

  private void part(InputStream content, OutputStream request, long size) throws IOException {
    Optional<ByteRange> range;
    try {
      range = ByteRange.of(exchange.header("Range"), size);
    } catch (ByteRange.UnsatisfiableException _) {
      throw new RefusedException(416, "no such range in " + size + " bytes")
          .with("Content-Range", "bytes */" + size);
    }
    if (range.isEmpty()) {
      whole(content, request, size, AcceptedEncoding.IDENTITY);
      return;
    }
    ask(request, range.get().first() + " " + range.get().length());
    exchange.set("Content-Range", range.get().contentRange(size));
    copy(content, exchange.begin(206, range.get().length()), range.get().length());
  }

  private void whole(
      InputStream content, OutputStream request, long size, AcceptedEncoding encoding)
      throws IOException {
    // files of the kernel's have no size, and content all the same
    ask(request, size == 0 ? "0 all" : "0 " + size);
    if (size == 0) {
      OutputStream out = exchange.stream(200);
      long _ = content.transferTo(out);
      out.close();
    } else if (encoding == AcceptedEncoding.GZIP) {
      exchange.set("Content-Encoding", "gzip");
      // without a length that was promised, a file that shrinks meanwhile is what is left of it
      OutputStream out = new GZIPOutputStream(exchange.stream(200), 1 << 14);
      long _ = content.transferTo(out);
      out.close();
    } else {
      copy(content, exchange.begin(200, size), size);
    }
  }

  private static void ask(OutputStream request, String what) throws IOException {
    request.write((what + "\n").getBytes(StandardCharsets.US_ASCII));
    request.close();
  }

  /// Closes what it has written whole, and nothing else.
  private static void copy(InputStream from, OutputStream to, long length) throws IOException {
    byte[] chunk = new byte[64 << 10];
    long left = length;
    while (left > 0) {
      int read = from.read(chunk, 0, (int) Math.min(left, chunk.length));
      if (read < 0) {
        throw new IOException("the file has become shorter");
      }
      to.write(chunk, 0, read);
      left -= read;
    }
    to.close();
  }

  private static String line(InputStream in) throws IOException {
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    for (int b = in.read(); b >= 0 && b != '\n' && line.size() < LINE_BYTES; b = in.read()) {
      line.write(b);
    }
    return line.toString(StandardCharsets.US_ASCII);
  }

  private Optional<Instant> date(String header) {
    try {
      return exchange.header(header).map(value -> ZonedDateTime.parse(value, DATE).toInstant());
    } catch (DateTimeException _) {
      return Optional.empty();
    }
  }

  /// RFC 6266: what is not ASCII is percent-encoded.
  private static String disposition(String name) {
    boolean plain = name.chars().allMatch(c -> c > 0x1f && c < 0x7f && c != '"' && c != '\\');
    return plain
        ? "inline; filename=\"" + name + "\""
        : "inline; filename*=UTF-8''"
            + URLEncoder.encode(name, StandardCharsets.UTF_8).replace("+", "%20");
  }
}
