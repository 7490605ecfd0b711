package dev.slipway.locale2b.envd;

import dev.slipway.localserver.Exchange;
import dev.slipway.localserver.RefusedException;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;

/// Streams files into a box.
final class FileUpload {
  private final Daemon daemon;
  private final Account account;
  private final Set<String> written = new LinkedHashSet<>();

  private FileUpload(Daemon daemon, Account account) {
    this.daemon = daemon;
    this.account = account;
  }

  /// Writes what a request brings and answers with what was written.
  ///
  /// @param path where to; without one, each part of a form says it itself
  static void answer(Exchange exchange, Daemon daemon, Account account, Optional<String> path)
      throws IOException, InterruptedException {
    FileUpload upload = new FileUpload(daemon, account);
    try {
      boolean _ =
          Pipes.call(() -> {
            upload.read(exchange, path);
            return true;
          });
    } catch (FileFailedException e) {
      throw e.asHttp();
    } catch (ZipException _) {
      throw new RefusedException(400, "the body is not gzip");
    }
    List<Map<String, Object>> files = new ArrayList<>();
    for (String file : upload.written) {
      files.add(Map.of("name", BoxPaths.name(file), "path", file, "type", "file"));
    }
    exchange.answerJson(200, files);
  }

  private void read(Exchange exchange, Optional<String> path) throws IOException {
    String type = exchange.header("Content-Type").orElse("");
    String media = type.split(";", 2)[0].strip().toLowerCase(Locale.ROOT);
    InputStream body = decoded(exchange);
    switch (media) {
      case "multipart/form-data" -> readForm(body, type, path);
      case "application/octet-stream" ->
          write(path.orElseThrow(() -> new RefusedException(400, "path is required")), body);
      default ->
          throw new RefusedException(
              400, "the body must be multipart/form-data or application/octet-stream");
    }
  }

  private static InputStream decoded(Exchange exchange) throws IOException {
    String encoding = exchange.header("Content-Encoding").orElse("identity");
    return switch (encoding.toLowerCase(Locale.ROOT)) {
      case "identity" -> exchange.body();
      case "gzip" -> new GZIPInputStream(exchange.body(), 1 << 14);
      default -> throw new RefusedException(400, "unsupported Content-Encoding: " + encoding);
    };
  }

  private void readForm(InputStream body, String type, Optional<String> path) throws IOException {
    String boundary =
        FormParameters.find(type, "boundary")
            .orElseThrow(() -> new RefusedException(400, "the form has no boundary"));
    MultipartReader parts = new MultipartReader(body, boundary);
    Optional<MultipartReader.Part> next = nextOf(parts);
    while (next.isPresent()) {
      MultipartReader.Part part = next.get();
      if (part.name().equals("file")) {
        write(
            path.or(part::filename)
                .filter(target -> !target.isEmpty())
                .orElseThrow(() -> new RefusedException(400, "path is required")),
            part.content());
      }
      next = nextOf(parts);
    }
    if (written.isEmpty()) {
      throw new RefusedException(400, "the form has no part named file");
    }
  }

  private static Optional<MultipartReader.Part> nextOf(MultipartReader parts) throws IOException {
    try {
      return parts.next();
    } catch (EOFException _) {
      throw new RefusedException(400, "the form is cut short");
    }
  }

  private void write(String target, InputStream content) throws IOException {
    String path = EnvdRoutes.resolved(target, account);
    if (!written.add(path)) {
      throw new RefusedException(400, "'" + path + "' is in the request twice");
    }
    try (BoxTool tool = BoxTool.start(daemon.box(), account, true, "write", path)) {
      copy(content, tool.process().stdout(), tool.process().stdin());
      tool.finish();
    }
  }

  /// Copies, as far as the other side wants it: why not more, it says in the end.
  private static void copy(InputStream content, InputStream said, OutputStream to)
      throws IOException {
    byte[] chunk = new byte[64 << 10];
    try (said;
        to) {
      for (int read = content.read(chunk); read >= 0; read = content.read(chunk)) {
        try {
          to.write(chunk, 0, read);
        } catch (IOException _) {
          return;
        }
      }
    }
  }
}
