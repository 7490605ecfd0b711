package dev.slipway.standalone;

import dev.slipway.schemas.Ids;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import tools.jackson.databind.JsonNode;

/// The sandboxes of an installation, as its API has them.
record Sandboxes(ApiClient api) {
  static final String PATH = "/api/v1/sandboxes";

  /// How long an answer is waited for before people are told what is going on.
  static final Duration FIRST_WAIT = Duration.ofSeconds(2);

  private static final Set<String> OVER = Set.of("TERMINATED", "FAILED");
  private static final Duration LOOK_AGAIN = Duration.ofMillis(200);
  private static final int LOOKS_BETWEEN_WORDS = 10;

  /// The sandbox of this id or name; of those that had the name, the one that is not over, else the
  /// last one.
  JsonNode find(String idOrName) throws InterruptedException {
    if (Ids.UUID_TEXT.matcher(idOrName).matches()) {
      return api.get(PATH + "/" + idOrName.toLowerCase(Locale.ROOT));
    }
    JsonNode named = api.get(PATH + "?limit=200&name=" + encoded(idOrName)).path("items");
    return named
        .valueStream()
        .filter(sandbox -> !isOver(sandbox))
        .findFirst()
        .or(() -> named.valueStream().findFirst())
        .orElseThrow(() ->
            new CommandFailedException(
                ExitCode.FAILED,
                "no sandbox has the id or name " + HarmlessWriter.escaped(idOrName)));
  }

  /// Where the sandbox of this id or name is.
  String path(String idOrName) throws InterruptedException {
    return Ids.UUID_TEXT.matcher(idOrName).matches()
        ? PATH + "/" + idOrName.toLowerCase(Locale.ROOT)
        : path(find(idOrName));
  }

  static String path(JsonNode sandbox) {
    return PATH + "/" + sandbox.path("sandbox_id").asString();
  }

  /// Waits until it is in one of these states, or over.
  JsonNode await(JsonNode sandbox, Set<String> states, Duration patience, Progress progress)
      throws InterruptedException {
    JsonNode now = sandbox;
    long began = System.nanoTime();
    for (int looks = 0; !isOver(now) && !states.contains(state(now)); looks++) {
      if (System.nanoTime() - began > patience.toNanos()) {
        throw new CommandFailedException(
            ExitCode.TIMED_OUT, "%s is still %s".formatted(label(now), state(now)));
      }
      if (looks % LOOKS_BETWEEN_WORDS == 0) {
        progress.say("%s: %s".formatted(label(now), state(now)));
      }
      LockSupport.parkNanos(LOOK_AGAIN.toNanos());
      now = api.get(path(now));
    }
    return now;
  }

  static boolean isOver(JsonNode sandbox) {
    return OVER.contains(state(sandbox));
  }

  static String state(JsonNode resource) {
    return resource.path("state").asString("");
  }

  /// Its name, else its id.
  static String label(JsonNode sandbox) {
    return HarmlessWriter.escaped(
        sandbox.path("name").stringValueOpt().orElse(sandbox.path("sandbox_id").asString("")));
  }

  /// Why it failed, for people.
  static String failure(JsonNode resource) {
    JsonNode failure = resource.path("failure");
    return HarmlessWriter.escaped(
        failure.path("code").asString("") + ": " + failure.path("message").asString(""));
  }

  static String encoded(String value) {
    return URLEncoder.encode(value, StandardCharsets.UTF_8);
  }

  /// Pairs as options have them.
  ///
  /// @throws CommandFailedException when one has no `=`, or no name before it
  static Map<String, String> pairs(String option, List<String> given) {
    Map<String, String> pairs = new LinkedHashMap<>();
    for (String pair : given) {
      int sign = pair.indexOf('=');
      if (sign < 1) {
        // it may be a secret's value
        throw new CommandFailedException(ExitCode.USAGE, option + " needs NAME=VALUE");
      }
      pairs.put(pair.substring(0, sign), pair.substring(sign + 1));
    }
    return pairs;
  }

  /// A time as the API takes it.
  ///
  /// @throws CommandFailedException when it is less than a second
  static long seconds(String option, Duration given) {
    if (given.toSeconds() < 1) {
      throw new CommandFailedException(ExitCode.USAGE, option + " must be 1s or more");
    }
    return given.toSeconds();
  }
}
