package dev.slipway.localgithub.pull;

import dev.slipway.localgithub.api.Account;
import dev.slipway.localgithub.api.Api;
import dev.slipway.localgithub.api.Body;
import dev.slipway.localgithub.api.Call;
import dev.slipway.localgithub.api.Json;
import dev.slipway.localgithub.api.Refusals;
import dev.slipway.localgithub.repository.Repositories;
import dev.slipway.localgithub.repository.Repository;
import dev.slipway.localserver.RefusedException;
import java.io.IOException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/// What is answered about labels, of repositories and on pull requests, and about who is asked for
/// a review.
public final class LabelRoutes {
  private static final String LABELS = "/repos/{owner}/{repo}/labels";
  private static final String ON_ONE = "/repos/{owner}/{repo}/issues/{number}/labels";
  private static final String REVIEWERS =
      "/repos/{owner}/{repo}/pulls/{number}/requested_reviewers";
  private static final String[] PERMISSIONS = {"issues", "pull_requests"};

  private final Labels labels;
  private final PullRequests pulls;
  private final Repositories repositories;
  private final PullEvents events;
  private final Clock clock;

  public LabelRoutes(
      Labels labels,
      PullRequests pulls,
      Repositories repositories,
      PullEvents events,
      Clock clock) {
    this.labels = labels;
    this.pulls = pulls;
    this.repositories = repositories;
    this.events = events;
    this.clock = clock;
  }

  public void addTo(Api api) {
    Api _ =
        api.on("GET " + LABELS, this::list)
            .on("POST " + LABELS, this::create)
            .on("GET " + LABELS + "/{name}", this::show)
            .on("GET " + ON_ONE, this::listOn)
            .on("POST " + ON_ONE, call -> put(call, false))
            .on("PUT " + ON_ONE, call -> put(call, true))
            .on("DELETE " + ON_ONE, this::clear)
            .on("DELETE " + ON_ONE + "/{name}", this::remove)
            .on("POST " + REVIEWERS, this::ask)
            .on("DELETE " + REVIEWERS, this::unask);
  }

  private Repository readable(Call call) {
    Repository repository = repositories.require(call);
    call.caller().require(false, PERMISSIONS);
    return repository;
  }

  private void list(Call call) throws IOException {
    Repository repository = readable(call);
    call.page(labels.of(repository), label -> labels.json(repository, label));
  }

  private void create(Call call) throws IOException {
    Repository repository = repositories.requireWritable(call, PERMISSIONS);
    Body body = call.body();
    String name = body.requireText("name");
    String color = body.text("color").orElse(Labels.PLAIN).replaceFirst("^#", "");
    if (!color.matches("[0-9A-Fa-f]{6}")) {
      throw Refusals.invalid("Label", "color", "invalid");
    }
    Label made =
        repositories.locked(
            repository.id(),
            () -> {
              if (labels.find(repository, name).isPresent()) {
                throw Refusals.invalid("Label", "name", "already_exists");
              }
              return labels.require(repository, name, color, body.text("description").orElse(null));
            });
    call.answer(201, labels.json(repository, made));
  }

  private void show(Call call) throws IOException {
    Repository repository = readable(call);
    call.answer(
        200,
        labels.json(
            repository,
            labels.find(repository, call.parameter("name")).orElseThrow(Refusals::notFound)));
  }

  private void listOn(Call call) throws IOException {
    Repository repository = readable(call);
    PullRequest pull = pulls.require(repository, call);
    call.answer(200, labels.json(repository, pull.content().labels()));
  }

  /// The names in `{"labels": [...]}`, of which each is a text or an object with a name.
  private static List<String> names(Body body) {
    return body.items("labels").orElseThrow(() -> Body.missing("labels")).stream()
        .map(LabelRoutes::name)
        .distinct()
        .toList();
  }

  private static String name(JsonNode item) {
    String name = item.stringValueOpt().orElseGet(() -> item.path("name").asString(""));
    if (name.isBlank()) {
      throw Refusals.invalid("Label", "name", "missing_field");
    }
    return name;
  }

  private void put(Call call, boolean instead) throws IOException {
    Repository repository = repositories.requireWritable(call, PERMISSIONS);
    PullRequest pull = pulls.require(repository, call);
    List<String> wanted = names(call.body());
    List<String> now =
        relabel(
            repository,
            pull,
            before -> {
              List<String> after = instead ? new ArrayList<>() : new ArrayList<>(before);
              wanted.stream().filter(name -> !after.contains(name)).forEach(after::add);
              return after;
            },
            call.caller().account());
    call.answer(200, labels.json(repository, now));
  }

  private void clear(Call call) throws IOException {
    Repository repository = repositories.requireWritable(call, PERMISSIONS);
    PullRequest pull = pulls.require(repository, call);
    List<String> _ = relabel(repository, pull, _ -> List.of(), call.caller().account());
    call.noContent();
  }

  private void remove(Call call) throws IOException {
    Repository repository = repositories.requireWritable(call, PERMISSIONS);
    PullRequest pull = pulls.require(repository, call);
    String name = call.parameter("name");
    if (pull.content().labels().stream().noneMatch(name::equalsIgnoreCase)) {
      throw new RefusedException(404, "Label does not exist");
    }
    List<String> now =
        relabel(
            repository,
            pull,
            before -> before.stream().filter(each -> !each.equalsIgnoreCase(name)).toList(),
            call.caller().account());
    call.answer(200, labels.json(repository, now));
  }

  private interface Change {
    List<String> of(List<String> before);
  }

  private List<String> relabel(Repository repository, PullRequest seen, Change change, Account by) {
    return repositories.locked(
        repository.id(),
        () -> {
          PullRequest pull = pulls.find(repository, seen.number()).orElseThrow(Refusals::notFound);
          List<String> before = pull.content().labels();
          List<String> after = change.of(before);
          if (after.equals(before)) {
            return before;
          }
          after.forEach(name -> {
            Label _ = labels.require(repository, name, Labels.PLAIN, null);
          });
          PullRequest changed =
              pulls.change(pull, current -> current.labelled(after, clock.instant()));
          tell(repository, changed, before, after, "unlabeled", by);
          tell(repository, changed, after, before, "labeled", by);
          return after;
        });
  }

  /// Tells of each that is among some and not among others.
  private void tell(
      Repository repository,
      PullRequest pull,
      List<String> some,
      List<String> others,
      String action,
      Account by) {
    some.stream()
        .filter(name -> !others.contains(name))
        .flatMap(name -> labels.find(repository, name).stream())
        .forEach(label ->
            events.emit(
                repository,
                by,
                action,
                pull,
                Json.object().set("label", labels.json(repository, label))));
  }

  private void ask(Call call) throws IOException {
    Repository repository = repositories.requireWritable(call, PullRoutes.PULLS);
    PullRequest pull = pulls.require(repository, call);
    for (String login : call.body().texts("reviewers").orElseGet(List::of)) {
      if (login.equalsIgnoreCase(pull.identity().author().login())) {
        throw new RefusedException(422, "Review cannot be requested from pull request author.");
      }
      pull = change(repository, pull, collaborator(login), true, call.caller().account());
    }
    call.answer(201, events.json().simple(repository, pull));
  }

  private void unask(Call call) throws IOException {
    Repository repository = repositories.requireWritable(call, PullRoutes.PULLS);
    PullRequest pull = pulls.require(repository, call);
    for (String login :
        call.body().texts("reviewers").orElseThrow(() -> Body.missing("reviewers"))) {
      pull = change(repository, pull, collaborator(login), false, call.caller().account());
    }
    call.answer(200, events.json().simple(repository, pull));
  }

  private static Account collaborator(String login) {
    return Optional.of(Account.OWNER)
        .filter(owner -> owner.login().equalsIgnoreCase(login))
        .orElseThrow(() ->
            new RefusedException(
                422,
                "Reviews may only be requested from collaborators. One or more of the users or"
                    + " teams you specified is not a collaborator of the repository."));
  }

  private PullRequest change(
      Repository repository, PullRequest pull, Account reviewer, boolean asked, Account by) {
    List<Account> reviewers = new ArrayList<>(pull.content().reviewers());
    boolean changed =
        asked
            ? !reviewers.contains(reviewer) && reviewers.add(reviewer)
            : reviewers.remove(reviewer);
    if (!changed) {
      return pull;
    }
    PullRequest after = pulls.change(pull, current -> current.asking(reviewers, clock.instant()));
    events.emit(
        repository,
        by,
        asked ? "review_requested" : "review_request_removed",
        after,
        Json.object().set("requested_reviewer", events.json().account(reviewer)));
    return after;
  }
}
