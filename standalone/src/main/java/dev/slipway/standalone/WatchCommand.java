package dev.slipway.standalone;

import java.io.IOException;
import java.io.PrintWriter;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.ZoneId;
import java.util.List;
import java.util.StringJoiner;
import java.util.concurrent.Callable;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/// Prints live events until it is interrupted. A connection that ends, for whatever reason, is
/// followed by one that goes on right after the last event printed.
@Command(
    name = "watch",
    description = {
      "Shows what happens, as it happens, one line an event.",
      "Goes on by itself when the connection is lost: no event is missed, none is shown twice.",
      "--json prints each event as it came."
    })
final class WatchCommand implements Callable<Integer> {
  private static final Duration MIN_PAUSE = Duration.ofMillis(200);
  private static final Duration MAX_PAUSE = Duration.ofSeconds(10);

  private final GlobalOptions options;

  @Spec CommandSpec spec;

  @Option(names = "--repository", description = "Only of this one (owner/name). Repeatable.")
  List<String> repositories = List.of();

  @Option(
      names = "--pull-request",
      description = "Only of this one (owner/name#number). Repeatable.")
  List<String> pullRequests = List.of();

  @Option(
      names = "--sandbox",
      paramLabel = "ID",
      description = "Only of this one, output of its commands included. Repeatable.")
  List<String> sandboxes = List.of();

  @Option(names = "--count", description = "End after so many events.")
  @Nullable Integer count;

  private int seen; // CONFINED: to the command's thread

  @SuppressWarnings("NullAway.Init") // picocli fills it in
  WatchCommand(GlobalOptions options) {
    this.options = options;
  }

  @Override
  public Integer call() throws InterruptedException {
    if (count != null && count < 1) {
      throw new ParameterException(spec.commandLine(), "--count must be 1 or more");
    }
    URI installation = options.installation();
    URI address = installation.resolve("/api/v1/events" + query());
    EventStream stream = new EventStream(address, options.credentials());
    Progress progress = new Progress(spec.commandLine().getErr(), options.quiet);
    Duration pause = MIN_PAUSE;
    boolean connected = false;
    while (true) {
      int before = seen;
      try {
        if (!stream.read(new Printer())) {
          return ExitCode.DONE;
        }
        connected = true;
        pause = MIN_PAUSE; // it was ended in order
      } catch (IOException _) {
        connected |= seen > 0 || stream.hasBegun();
        if (!connected) {
          throw new CommandFailedException(
              ExitCode.UNREACHABLE, installation + " is not reachable");
        }
        progress.say("connection lost, trying again");
      }
      pause = seen > before ? MIN_PAUSE : pause;
      wait(pause);
      pause = pause.multipliedBy(2).compareTo(MAX_PAUSE) > 0 ? MAX_PAUSE : pause.multipliedBy(2);
    }
  }

  /// Jittered, so that all who watched an instance that went do not come back together.
  private static void wait(Duration pause) throws InterruptedException {
    long nanos = pause.toNanos();
    LockSupport.parkNanos(nanos - ThreadLocalRandom.current().nextLong(nanos / 2));
    if (Thread.interrupted()) {
      throw new InterruptedException();
    }
  }

  private String query() {
    StringJoiner query = new StringJoiner("&", "?", "").setEmptyValue("");
    repositories.forEach(name -> query.add("repository=" + encoded(name)));
    pullRequests.forEach(name -> query.add("pull_request=" + encoded(name)));
    sandboxes.forEach(id -> query.add("sandbox_id=" + encoded(id)));
    return query.toString();
  }

  private static String encoded(String value) {
    return URLEncoder.encode(value, StandardCharsets.UTF_8);
  }

  private final class Printer implements EventStream.Listener {
    @Override
    public boolean event(String json) {
      PrintWriter out = spec.commandLine().getOut();
      out.println(options.json ? json : readable(json));
      seen++;
      // nobody reads any more when the other end of a pipe has gone
      return !out.checkError() && (count == null || seen < count);
    }

    @Override
    public void reset(String reason) {
      PrintWriter err = spec.commandLine().getErr();
      err.println(
          "slipway: events may have been missed (%s), going on live"
              .formatted(HarmlessWriter.escaped(reason)));
      err.flush();
    }

    private static String readable(String json) {
      try {
        return EventLine.of(JsonMapper.shared().readTree(json), ZoneId.systemDefault());
      } catch (JacksonException _) {
        return HarmlessWriter.escaped(json);
      }
    }
  }
}
