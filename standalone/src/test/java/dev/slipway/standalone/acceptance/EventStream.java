package dev.slipway.standalone.acceptance;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// A client of the live events, as `curl -N` is one.
final class EventStream implements AutoCloseable {
  private static final String DATA = "data: ";
  private static final JsonMapper JSON = JsonMapper.shared();

  private final Stream<String> lines;
  private final List<JsonNode> events = new CopyOnWriteArrayList<>();
  private final List<String> seen = new CopyOnWriteArrayList<>();

  private EventStream(Stream<String> lines) {
    this.lines = lines;
  }

  /// Listens from now on.
  ///
  /// @param query such as `repository=acme/site`, or empty
  static EventStream of(Api api, String query) {
    try {
      String path = "/api/v1/events" + (query.isEmpty() ? "" : "?" + query);
      var response = Http.client().send(api.request(path).build(), BodyHandlers.ofLines());
      if (response.statusCode() != 200) {
        throw new AssertionError("events: " + response.statusCode());
      }
      var stream = new EventStream(response.body());
      Thread _ = Thread.startVirtualThread(stream::read);
      // the first frame tells that the stream has begun
      Awaitility.await("the first frame").until(() -> !stream.seen.isEmpty());
      return stream;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    }
  }

  /// Whether this is its first line.
  boolean beginsWith(String line) {
    return seen.getFirst().equals(line);
  }

  /// The events, once there are so many.
  List<JsonNode> await(int count, Duration atMost) {
    return Awaitility.await(count + " events")
        .atMost(atMost)
        .pollInterval(Duration.ofMillis(20))
        .until(() -> List.copyOf(events), all -> all.size() >= count);
  }

  /// The first event of a type, once there is one.
  JsonNode await(String type, Duration atMost) {
    return Awaitility.await(type)
        .atMost(atMost)
        .pollInterval(Duration.ofMillis(20))
        .until(
            () ->
                events.stream()
                    .filter(event -> event.path("type").asString().equals(type))
                    .findFirst(),
            Optional::isPresent)
        .orElseThrow();
  }

  @Override
  public void close() {
    lines.close();
  }

  private void read() {
    try {
      lines.forEach(line -> {
        seen.add(line);
        if (line.startsWith(DATA) && !line.equals(DATA + "{}")) {
          events.add(JSON.readTree(line.substring(DATA.length())));
        }
      });
    } catch (UncheckedIOException _) {
      // closed
    }
  }
}
