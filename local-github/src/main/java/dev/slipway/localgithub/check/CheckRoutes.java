package dev.slipway.localgithub.check;

import dev.slipway.localgithub.api.Account;
import dev.slipway.localgithub.api.Api;
import dev.slipway.localgithub.api.Body;
import dev.slipway.localgithub.api.Call;
import dev.slipway.localgithub.api.Caller;
import dev.slipway.localgithub.api.Json;
import dev.slipway.localgithub.api.Refusals;
import dev.slipway.localgithub.repository.Events;
import dev.slipway.localgithub.repository.Repositories;
import dev.slipway.localgithub.repository.Repository;
import dev.slipway.localserver.RefusedException;
import java.io.IOException;
import java.time.Clock;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// What is answered about check runs and suites.
public final class CheckRoutes {
  private static final Set<String> STATUSES = Set.of("queued", "in_progress", "completed");
  private static final Set<String> CONCLUSIONS =
      Set.of(
          "action_required", "cancelled", "failure", "neutral", "success", "skipped", "timed_out");
  private static final String CHECKS = "checks";

  private final CheckRuns runs;
  private final Repositories repositories;
  private final Events events;
  private final CheckJson json;
  private final Clock clock;

  public CheckRoutes(
      CheckRuns runs, Repositories repositories, Events events, CheckJson json, Clock clock) {
    this.runs = runs;
    this.repositories = repositories;
    this.events = events;
    this.json = json;
    this.clock = clock;
  }

  public void addTo(Api api) {
    Api _ =
        api.on("POST /repos/{owner}/{repo}/check-runs", this::create)
            .on("GET /repos/{owner}/{repo}/check-runs/{run}", this::show)
            .on("PATCH /repos/{owner}/{repo}/check-runs/{run}", this::change)
            .on("GET /repos/{owner}/{repo}/commits/{ref*}/check-runs", this::list)
            .on("GET /repos/{owner}/{repo}/commits/{ref*}/check-suites", this::suites)
            .on("GET /repos/{owner}/{repo}/check-suites/{suite}", this::suite)
            .on("GET /repos/{owner}/{repo}/check-suites/{suite}/check-runs", this::ofSuite);
  }

  private Repository writable(Call call) {
    if (call.caller().kind() != Caller.Kind.INSTALLATION) {
      throw new RefusedException(403, "You must authenticate via a GitHub App.");
    }
    return repositories.requireWritable(call, CHECKS);
  }

  private Repository readable(Call call) {
    Repository repository = repositories.require(call);
    call.caller().require(false, CHECKS);
    return repository;
  }

  private CheckRun require(Repository repository, Call call) {
    return runs.find(repository, call.number("run")).orElseThrow(Refusals::notFound);
  }

  private void create(Call call) throws IOException {
    Repository repository = writable(call);
    Body body = call.body();
    String name = body.requireText("name");
    String sha = body.requireText("head_sha");
    if (!repositories.git(repository).commit(sha).equals(Optional.of(sha))) {
      throw new RefusedException(422, "No commit found for SHA: " + sha);
    }
    CheckRun draft =
        new CheckRun(
            0, 0, name, sha, "queued", null, null, null, clock.instant(), null, null, null, null);
    CheckRun made = runs.create(repository, changed(draft, body));
    tell(repository, made, "created", call.caller().account());
    call.answer(201, json.run(repository, made));
  }

  private void change(Call call) throws IOException {
    Repository repository = writable(call);
    CheckRun run = require(repository, call);
    Body body = call.body();
    CheckRun changed = runs.change(repository, run, current -> changed(current, body));
    if (!run.isCompleted()) {
      tell(repository, changed, "", call.caller().account());
    }
    call.answer(200, json.run(repository, changed));
  }

  private CheckRun changed(CheckRun run, Body body) {
    @Nullable String conclusion = known(body, "conclusion", CONCLUSIONS).orElse(run.conclusion());
    String status =
        conclusion != null ? "completed" : known(body, "status", STATUSES).orElse(run.status());
    if (status.equals("completed") && conclusion == null) {
      throw Refusals.request("\"conclusion\" wasn't supplied.");
    }
    Optional<Body> output = body.object("output");
    return new CheckRun(
        run.id(),
        run.suite(),
        body.text("name").orElse(run.name()),
        run.sha(),
        status,
        conclusion,
        body.text("details_url").orElse(run.detailsUrl()),
        body.text("external_id").orElse(run.externalId()),
        time(body, "started_at").orElse(run.startedAt()),
        conclusion == null
            ? null
            : time(body, "completed_at")
                .or(() -> Optional.ofNullable(run.completedAt()))
                .orElseGet(clock::instant),
        output.flatMap(each -> each.text("title")).orElse(run.title()),
        output.flatMap(each -> each.text("summary")).orElse(run.summary()),
        output.flatMap(each -> each.text("text")).orElse(run.text()));
  }

  private static Optional<String> known(Body body, String field, Set<String> known) {
    return body.text(field)
        .map(value -> {
          if (!known.contains(value)) {
            throw Refusals.request(
                "For 'properties/%s', \"%s\" is not a known value.".formatted(field, value));
          }
          return value;
        });
  }

  private static Optional<Instant> time(Body body, String field) {
    return body.text(field)
        .map(text -> {
          try {
            return OffsetDateTime.parse(text).toInstant();
          } catch (DateTimeException _) {
            throw Refusals.request(
                "For 'properties/%s', \"%s\" is not a valid date-time.".formatted(field, text));
          }
        });
  }

  /// @param action what else has happened than that it is over; empty for nothing
  private void tell(Repository repository, CheckRun run, String action, Account by) {
    if (!action.isEmpty()) {
      events.emit(
          repository,
          by,
          "check_run",
          action,
          Json.object().set("check_run", json.run(repository, run)));
    }
    if (run.isCompleted()) {
      events.emit(
          repository,
          by,
          "check_run",
          "completed",
          Json.object().set("check_run", json.run(repository, run)));
      List<CheckRun> all = runs.ofSuite(repository, run.suite());
      if (all.stream().allMatch(CheckRun::isCompleted)) {
        events.emit(
            repository,
            by,
            "check_suite",
            "completed",
            Json.object().set("check_suite", json.suite(repository, all)));
      }
    }
  }

  private void show(Call call) throws IOException {
    Repository repository = readable(call);
    call.answer(200, json.run(repository, require(repository, call)));
  }

  private String requireCommit(Repository repository, Call call) {
    return repositories
        .git(repository)
        .commit(call.parameter("ref"))
        .orElseThrow(
            () -> new RefusedException(422, "No commit found for SHA: " + call.parameter("ref")));
  }

  private void list(Call call) throws IOException {
    Repository repository = readable(call);
    String sha = requireCommit(repository, call);
    List<CheckRun> all =
        call.query("filter").orElse("latest").equals("all")
            ? runs.of(repository, sha)
            : runs.newest(repository, sha);
    answerRuns(
        call,
        repository,
        all.stream()
            .filter(run -> call.query("check_name").map(run.name()::equals).orElse(true))
            .filter(run -> call.query("status").map(run.status()::equals).orElse(true))
            .toList());
  }

  private void answerRuns(Call call, Repository repository, List<CheckRun> all) throws IOException {
    call.answer(
        200,
        Json.object()
            .put("total_count", all.size())
            .set("check_runs", Json.array(call.pageOf(all), run -> json.run(repository, run))));
  }

  private void suites(Call call) throws IOException {
    Repository repository = readable(call);
    List<CheckRun> all = runs.of(repository, requireCommit(repository, call));
    call.answer(
        200,
        Json.object()
            .put("total_count", all.isEmpty() ? 0 : 1)
            .set(
                "check_suites",
                all.isEmpty() ? Json.array() : Json.array().add(json.suite(repository, all))));
  }

  private List<CheckRun> requireSuite(Repository repository, Call call) {
    List<CheckRun> all = runs.ofSuite(repository, call.number("suite"));
    if (all.isEmpty()) {
      throw Refusals.notFound();
    }
    return all;
  }

  private void suite(Call call) throws IOException {
    Repository repository = readable(call);
    call.answer(200, json.suite(repository, requireSuite(repository, call)));
  }

  private void ofSuite(Call call) throws IOException {
    Repository repository = readable(call);
    answerRuns(call, repository, requireSuite(repository, call));
  }
}
