package dev.slipway.standalone;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import tools.jackson.databind.JsonNode;

/// One task for each of many repositories, all of one execution, no faster than GitHub takes their
/// pull requests. Each is asked for under a key that the execution and its repository make, so that
/// whoever was interrupted asks for all of them again, and nothing comes to be twice.
///
/// @param execution its id
record ManyTasks(ApiClient api, Pace pace, String execution, Clock clock, Progress progress) {
  private static final Duration WORTH_A_WORD = Duration.ofSeconds(2);
  private static final Duration PATIENCE = Duration.ofMinutes(2);
  private static final Duration AGAIN = Duration.ofSeconds(1);

  /// Asks for them in order.
  ///
  /// @param addresses of the repositories
  /// @param request what all have
  List<JsonNode> create(List<String> addresses, Map<String, Object> request)
      throws InterruptedException {
    Instant began = clock.instant();
    Instant said = began;
    List<JsonNode> tasks = new ArrayList<>();
    for (String address : addresses) {
      await(tasks.size(), addresses.size());
      JsonNode task = create(address, request);
      tasks.add(task);
      if (!isOlder(task, began)) {
        pace.took(clock.instant());
      }
      if (clock.instant().isAfter(said.plus(WORTH_A_WORD))) {
        said = clock.instant();
        progress.say("%d of %d tasks are asked for".formatted(tasks.size(), addresses.size()));
      }
    }
    return tasks;
  }

  /// Made by an earlier call, it takes nothing of the budget again.
  private static boolean isOlder(JsonNode task, Instant than) {
    String created = task.path("created_at").asString("");
    return !created.isEmpty() && Instant.parse(created).isBefore(than.minus(PATIENCE));
  }

  private void await(int done, int all) throws InterruptedException {
    Duration wait = pace.untilNext(clock.instant());
    if (wait.compareTo(WORTH_A_WORD) > 0) {
      progress.say(
          "%d of %d tasks are asked for; GitHub takes no more pull requests for %d s"
              .formatted(done, all, wait.toSeconds()));
    }
    pause(wait);
  }

  private JsonNode create(String address, Map<String, Object> request) throws InterruptedException {
    Map<String, Object> whole = new LinkedHashMap<>(request);
    whole.put("repository_url", address);
    whole.put("execution_id", execution);
    Instant until = clock.instant().plus(PATIENCE);
    while (true) {
      try {
        return api.post(Tasks.PATH, whole, key(execution, address));
      } catch (CommandFailedException e) {
        boolean passes = e.exitCode() == ExitCode.UNREACHABLE || e.exitCode() == ExitCode.TIMED_OUT;
        if (!passes || clock.instant().isAfter(until)) {
          throw new CommandFailedException(
              e.exitCode(),
              "%s: %s; the same command with --execution %s goes on here"
                  .formatted(HarmlessWriter.escaped(address), e.getMessage(), execution));
        }
        pause(AGAIN);
      }
    }
  }

  static String key(String execution, String address) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      digest.update(execution.getBytes(StandardCharsets.UTF_8));
      digest.update((byte) '\n');
      return HexFormat.of().formatHex(digest.digest(address.getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e); // every JDK has it
    }
  }

  private static void pause(Duration time) throws InterruptedException {
    LockSupport.parkNanos(time.toNanos());
    if (Thread.interrupted()) {
      throw new InterruptedException();
    }
  }
}
