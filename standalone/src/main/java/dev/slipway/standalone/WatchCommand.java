package dev.slipway.standalone;

import java.io.PrintWriter;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.ZoneId;
import java.util.List;
import java.util.StringJoiner;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/// Prints live events until it is interrupted.
@Command(
    name = "watch",
    description = {
      "Shows what happens, as it happens, one line an event.",
      "Goes on by itself when the connection is lost: no event is missed, none is shown twice.",
      "--json prints each event as it came."
    })
final class WatchCommand implements Callable<Integer> {
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

  @Option(
      names = "--task",
      paramLabel = "ID",
      description = "Only of this one, its sandbox and its pull request. Repeatable.")
  List<String> tasks = List.of();

  @Option(names = "--execution", paramLabel = "ID", description = "Only of its tasks. Repeatable.")
  List<String> executions = List.of();

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
    new LiveEvents(stream, installation, progress).follow(new Printer());
    return ExitCode.DONE;
  }

  private String query() {
    StringJoiner query = new StringJoiner("&", "?", "").setEmptyValue("");
    repositories.forEach(name -> query.add("repository=" + encoded(name)));
    pullRequests.forEach(name -> query.add("pull_request=" + encoded(name)));
    sandboxes.forEach(id -> query.add("sandbox_id=" + encoded(id)));
    tasks.forEach(id -> query.add("task_id=" + encoded(id)));
    executions.forEach(id -> query.add("execution_id=" + encoded(id)));
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
    public boolean reset(String reason) {
      PrintWriter err = spec.commandLine().getErr();
      err.println(
          "slipway: events may have been missed (%s), going on live"
              .formatted(HarmlessWriter.escaped(reason)));
      err.flush();
      return true;
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
