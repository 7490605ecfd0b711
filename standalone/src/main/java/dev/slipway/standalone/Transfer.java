package dev.slipway.standalone;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/// Copies files into sandboxes and out of them, as a stream.
record Transfer(GlobalOptions options, StandardStreams streams, Progress progress) {
  private static final long UNKNOWN = -1;
  private static final String STANDARD = "-";
  private static final Duration SILENCE_LIMIT = Duration.ofSeconds(60);

  /// A file of a sandbox.
  ///
  /// @param sandbox its id or name
  record Place(String sandbox, String path) {
    static Place parse(String text) {
      int sign = text.indexOf(':');
      if (sign < 1) {
        throw new CommandFailedException(
            ExitCode.USAGE, "a file of a sandbox is ID:PATH, as in demo:/home/user/a.txt");
      }
      return new Place(text.substring(0, sign), text.substring(sign + 1));
    }

    boolean isFolder() {
      return path.isEmpty() || path.endsWith("/");
    }

    /// What comes after its last slash.
    String name() {
      return path.substring(path.lastIndexOf('/') + 1);
    }
  }

  /// What was written where.
  Map<String, Object> put(Sandboxes sandboxes, String local, Place place)
      throws IOException, InterruptedException {
    if (local.equals(STANDARD)) {
      if (place.isFolder()) {
        throw new CommandFailedException(
            ExitCode.USAGE, "standard input has no name: give the whole PATH");
      }
      var bytes = new CountedStream(streams.in(), place.path(), UNKNOWN, progress);
      return put(sandboxes, place, bytes, BodyPublishers.ofInputStream(() -> bytes));
    }
    Path file = Path.of(local);
    if (!Files.isReadable(file) || Files.isDirectory(file)) {
      throw new CommandFailedException(
          ExitCode.FAILED, local + (Files.exists(file) ? " is no file to read" : " is not there"));
    }
    Place target =
        place.isFolder() ? new Place(place.sandbox(), place.path() + file.getFileName()) : place;
    long size = Files.isRegularFile(file) ? Files.size(file) : UNKNOWN;
    try (var bytes = new CountedStream(Files.newInputStream(file), local, size, progress)) {
      BodyPublisher all = BodyPublishers.ofInputStream(() -> bytes);
      return put(
          sandboxes, target, bytes, size > 0 ? BodyPublishers.fromPublisher(all, size) : all);
    }
  }

  private Map<String, Object> put(
      Sandboxes sandboxes, Place place, CountedStream bytes, BodyPublisher body)
      throws InterruptedException {
    try {
      JsonNode written = sandboxes.api().put(address(sandboxes, place), body);
      return report(
          written.path("path").asString(place.path()), written.path("size_bytes").asLong());
    } catch (CommandFailedException e) {
      bytes.throwFailure(
          ExitCode.FAILED, place.path() + " was not written: its source cannot be read");
      throw e;
    }
  }

  /// What was written where; nothing when it is standard output, which holds just the bytes.
  Optional<Map<String, Object>> get(Sandboxes sandboxes, Place place, String local)
      throws IOException, InterruptedException {
    String address = address(sandboxes, place);
    if (local.equals(STANDARD)) {
      long _ = receive(address, place, streams.out());
      streams.out().flush();
      return Optional.empty();
    }
    Path given = Path.of(local);
    Path target = Files.isDirectory(given) ? given.resolve(place.name()) : given;
    long bytes =
        Files.exists(target) && !Files.isRegularFile(target)
            ? receiveInto(address, place, target)
            : receiveAs(address, place, target);
    return Optional.of(report(target.toString(), bytes));
  }

  /// A device or a pipe.
  private long receiveInto(String address, Place place, Path target) throws IOException {
    try (OutputStream out = Files.newOutputStream(target)) {
      return receive(address, place, out);
    }
  }

  /// A file, which is there when it is whole.
  private long receiveAs(String address, Place place, Path target) throws IOException {
    Path part =
        target.resolveSibling(target.getFileName() + ".part-" + ProcessHandle.current().pid());
    try {
      long bytes;
      try (OutputStream out = Files.newOutputStream(part)) {
        bytes = receive(address, place, out);
      }
      Path _ = Files.move(part, target, StandardCopyOption.REPLACE_EXISTING);
      return bytes;
    } finally {
      boolean _ = Files.deleteIfExists(part);
    }
  }

  private long receive(String address, Place place, OutputStream out) throws IOException {
    try (ApiConnection connection =
        ApiConnection.to(
            options.installation().resolve(address), options.credentials(), SILENCE_LIMIT)) {
      InputStream body;
      try {
        body = connection.send();
      } catch (IOException _) {
        throw new CommandFailedException(
            ExitCode.UNREACHABLE, options.installation() + " is not reachable");
      }
      var bytes = new CountedStream(body, place.path(), connection.length(), progress);
      try {
        return bytes.transferTo(out);
      } catch (IOException e) {
        bytes.throwFailure(
            ExitCode.UNREACHABLE, "the connection was lost in the middle of " + place.path());
        throw e; // it is ours: a full disk, a pipe that nobody reads
      }
    }
  }

  private static String address(Sandboxes sandboxes, Place place) throws InterruptedException {
    return sandboxes.path(place.sandbox()) + "/files?path=" + Sandboxes.encoded(place.path());
  }

  private static Map<String, Object> report(String path, long sizeBytes) {
    Map<String, Object> report = new LinkedHashMap<>();
    report.put("path", path);
    report.put("size_bytes", sizeBytes);
    return report;
  }
}
