package dev.slipway.standalone.acceptance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// `slipway watch`, left alone while others pull the plugs: what it printed in the end tells
/// whether a client that resumes misses anything or sees anything twice.
final class Watcher implements AutoCloseable {
  private static final Duration CAUGHT_UP = Duration.ofSeconds(30);
  private static final String SIGN_OF_LIFE = "octo-org/sign-of-life";

  private final Service watch;

  private Watcher(Service watch) {
    this.watch = watch;
  }

  /// Starts it and waits until it sees what happens.
  ///
  /// @param url where live events are served
  static Watcher of(Slipway slipway, String url, Supplier<WebhookSender> sender) {
    var watcher = new Watcher(slipway.start("watch", "--json", "--url", url));
    var number = new AtomicInteger();
    await("the first event to be watched")
        .atMost(CAUGHT_UP)
        .pollInterval(Duration.ofMillis(500))
        .until(() -> {
          sender
              .get()
              .send(
                  Webhook.json(
                      "pull_request",
                      Payloads.pullRequest(SIGN_OF_LIFE, 69_999, number.incrementAndGet())))
              .is(202);
          return !watcher.events().isEmpty();
        });
    return watcher;
  }

  /// Every pull request's events were printed: 1, 2, 3 … up to its version, once each, in order.
  void assertNothingMissedOrTwice(Api api) {
    Map<String, Long> versions =
        api.list("/api/v1/pull-requests?limit=200").stream()
            .filter(row -> !isSignOfLife(row))
            .collect(Collectors.toMap(Watcher::name, row -> row.path("version").asLong()));
    long expected = versions.values().stream().mapToLong(version -> version).sum();
    List<JsonNode> events =
        await(expected + " events to be watched")
            .atMost(CAUGHT_UP)
            .pollInterval(Duration.ofMillis(200))
            .until(this::eventsOfPosting, all -> all.size() >= expected);

    Map<String, List<Long>> seen = new TreeMap<>();
    for (JsonNode event : events) {
      seen.computeIfAbsent(name(event.path("data")), _ -> new ArrayList<>())
          .add(event.path("sequence").asLong());
    }
    Map<String, List<Long>> dense = new TreeMap<>();
    versions.forEach(
        (name, version) -> dense.put(name, LongStream.rangeClosed(1, version).boxed().toList()));
    Map<String, List<Long>> wrong = new TreeMap<>(seen);
    wrong.entrySet().removeAll(dense.entrySet());
    assertThat(wrong).as("numbers that are not 1, 2, 3 … up to the version").isEmpty();
    assertThat(seen).hasSameSizeAs(dense);
    assertThat(events).extracting(event -> event.path("id").asString()).doesNotHaveDuplicates();
  }

  @Override
  public void close() {
    watch.kill();
  }

  private List<JsonNode> eventsOfPosting() {
    return events().stream().filter(event -> !isSignOfLife(event.path("data"))).toList();
  }

  private List<JsonNode> events() {
    return watch
        .printed()
        .lines()
        // the last line may be half written
        .filter(line -> line.startsWith("{") && line.endsWith("}"))
        .map(JsonMapper.shared()::readTree)
        .toList();
  }

  private static boolean isSignOfLife(JsonNode pullRequest) {
    return pullRequest.path("repository").path("full_name").asString().equals(SIGN_OF_LIFE);
  }

  private static String name(JsonNode pullRequest) {
    return pullRequest.path("repository").path("full_name").asString()
        + "#"
        + pullRequest.path("number").asLong();
  }
}
