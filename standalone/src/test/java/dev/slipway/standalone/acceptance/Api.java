package dev.slipway.standalone.acceptance;

import static org.awaitility.Awaitility.await;

import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/// A caller of the HTTP API.
///
/// @param base where it is served
/// @param token the caller's token
record Api(URI base, String token) {

  Api as(String otherToken) {
    return new Api(base, otherToken);
  }

  Api at(int port) {
    return new Api(URI.create("http://127.0.0.1:" + port), token);
  }

  Answer get(String path) {
    return Http.send(request(path).build());
  }

  /// A request with the caller's token, to be completed.
  HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(base.resolve(path))
        .timeout(Duration.ofSeconds(20))
        .header("Authorization", "Bearer " + token);
  }

  /// All deliveries that the caller sees, newest first, page by page.
  ///
  /// @param filters as in a query, `event=ping&number=3`, or empty
  List<JsonNode> deliveries(String filters) {
    return list("/api/v1/deliveries?limit=200" + (filters.isEmpty() ? "" : "&" + filters));
  }

  /// Each delivery of the list by its id; fails when one is listed twice.
  Map<String, JsonNode> deliveriesById() {
    Map<String, JsonNode> byId = new HashMap<>();
    for (JsonNode delivery : deliveries("")) {
      String id = delivery.path("delivery_id").asString();
      if (byId.put(id, delivery) != null) {
        throw new AssertionError("listed twice: " + delivery);
      }
    }
    return byId;
  }

  /// Every item of a list, following its cursors.
  ///
  /// @param path with its query
  List<JsonNode> list(String path) {
    List<JsonNode> items = new ArrayList<>();
    Optional<String> cursor = Optional.empty();
    do {
      JsonNode page = get(path + cursor.map(value -> "&cursor=" + value).orElse("")).is(200).json();
      page.path("items").forEach(items::add);
      cursor = page.path("next_cursor").stringValueOpt();
    } while (cursor.isPresent());
    return items;
  }

  /// The delivery, once the stage has seen it.
  JsonNode awaitDelivery(String id, Duration atMost) {
    return await("delivery " + id)
        .atMost(atMost)
        .pollInterval(Duration.ofMillis(50))
        .until(() -> find(id), Optional::isPresent)
        .orElseThrow();
  }

  /// The delivery, unless it is not there or the service is away.
  Optional<JsonNode> find(String id) {
    return tryGet("/api/v1/deliveries/" + id)
        .filter(answer -> answer.status() == 200)
        .map(Answer::json);
  }

  /// Empty when nobody answers.
  Optional<Answer> tryGet(String path) {
    try {
      return Optional.of(get(path));
    } catch (UncheckedIOException _) {
      return Optional.empty();
    }
  }

  /// Where a stream of live events goes on from a pull request as it is now.
  String cursor(String fullName, int number) {
    return get("/api/v1/pull-requests/" + fullName + "/" + number)
        .is(200)
        .header("slipway-cursor")
        .orElseThrow();
  }

  /// The sum of the samples whose name and tags begin so, as `/metrics` shows them.
  double metric(String series) {
    return get("/metrics")
        .is(200)
        .body()
        .lines()
        .filter(line -> line.startsWith(series))
        .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
        .sum();
  }

  /// The counts of the stage over `github.deliveries`, a partition each.
  List<StageCounts> stages() {
    return list("/api/v1/admin/stages?limit=200").stream()
        .filter(row -> row.path("stage").asString().equals("pr-service.deliveries"))
        .map(StageCounts::of)
        .toList();
  }
}
