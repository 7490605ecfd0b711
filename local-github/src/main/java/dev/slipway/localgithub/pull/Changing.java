package dev.slipway.localgithub.pull;

import dev.slipway.localgithub.api.Account;
import dev.slipway.localgithub.api.Body;
import dev.slipway.localgithub.api.Json;
import dev.slipway.localgithub.api.Refusals;
import dev.slipway.localgithub.pull.PullRequest.Branch;
import dev.slipway.localgithub.repository.Repositories;
import dev.slipway.localgithub.repository.Repository;
import java.time.Clock;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/// Changes what people may change of a pull request.
public final class Changing {
  private final PullRequests pulls;
  private final Repositories repositories;
  private final Opening opening;
  private final PullEvents events;
  private final Clock clock;

  public Changing(
      PullRequests pulls,
      Repositories repositories,
      Opening opening,
      PullEvents events,
      Clock clock) {
    this.pulls = pulls;
    this.repositories = repositories;
    this.opening = opening;
    this.events = events;
    this.clock = clock;
  }

  PullRequest change(Repository repository, PullRequest seen, Body body, Account by) {
    Optional<String> title = body.text("title");
    Opening.requireLengths(title.orElse(""), body.text("body"));
    if (title.filter(String::isBlank).isPresent()) {
      throw Refusals.invalid("PullRequest", "title", "missing_field");
    }
    Optional<String> state = body.text("state");
    if (state.filter(wanted -> !wanted.equals("open") && !wanted.equals("closed")).isPresent()) {
      throw Refusals.invalid("PullRequest", "state", "invalid");
    }
    return repositories.locked(
        repository.id(),
        () -> {
          PullRequest before =
              pulls.find(repository, seen.number()).orElseThrow(Refusals::notFound);
          Optional<Branch> base =
              body.text("base")
                  .filter(wanted -> !wanted.equals(before.base().ref()))
                  .map(wanted -> opening.requireBase(repository, before, wanted));
          if (state.filter("open"::equals).isPresent() && !before.isOpen()) {
            opening.requireReopenable(repository, before);
          }
          PullRequest edited = edit(repository, before, body, base, by);
          return state.map(wanted -> bring(repository, edited, wanted, by)).orElse(edited);
        });
  }

  private PullRequest edit(
      Repository repository, PullRequest before, Body body, Optional<Branch> base, Account by) {
    String title = body.text("title").orElse(before.content().title());
    @Nullable String text =
        body.names("body") ? body.text("body").orElse(null) : before.content().body();
    ObjectNode changes = Json.object();
    if (!title.equals(before.content().title())) {
      changes.set("title", Json.object().put("from", before.content().title()));
    }
    if (!Optional.ofNullable(text).equals(Optional.ofNullable(before.content().body()))) {
      changes.set("body", Json.object().put("from", before.content().body()));
    }
    base.ifPresent(_ ->
        changes.set(
            "base",
            Json.object()
                .set("ref", Json.object().put("from", before.base().ref()))
                .set("sha", Json.object().put("from", before.base().sha()))));
    boolean modifiable = body.flag("maintainer_can_modify").orElse(before.content().modifiable());
    if (changes.isEmpty() && modifiable == before.content().modifiable()) {
      return before;
    }
    PullRequest titled = before.titled(title, text, modifiable, clock.instant());
    PullRequest edited =
        base.map(branch -> titled.at(before.head(), branch, clock.instant())).orElse(titled);
    PullRequest _ = pulls.change(edited, _ -> edited);
    if (!changes.isEmpty()) {
      events.emit(repository, by, "edited", edited, Json.object().set("changes", changes));
    }
    return edited;
  }

  /// Opens or closes it, unless it is that already.
  private PullRequest bring(Repository repository, PullRequest pull, String wanted, Account by) {
    boolean open = wanted.equals("open");
    if (open == pull.isOpen()) {
      return pull;
    }
    PullRequest changed = open ? pull.reopened(clock.instant()) : pull.closed(clock.instant());
    PullRequest _ = pulls.change(changed, _ -> changed);
    events.emit(repository, by, open ? "reopened" : "closed", changed);
    return changed;
  }
}
