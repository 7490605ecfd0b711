package dev.slipway.localgithub.repository;

import dev.slipway.localgithub.api.Account;
import dev.slipway.localgithub.api.Json;
import dev.slipway.localgithub.api.Urls;
import dev.slipway.localgithub.git.Commit;
import dev.slipway.localgithub.git.Commits;
import dev.slipway.localgithub.git.GitRepository;
import dev.slipway.localgithub.git.RefUpdate;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.node.ObjectNode;

/// Says what happens to branches and tags.
///
/// @param events where
/// @param repositories whose
record PushEvents(Events events, Repositories repositories, Urls urls) {
  private static final String TAGS = "refs/tags/";

  /// GitHub says nothing when there are more at once.
  private static final int MOST_TAGS = 3;

  private static final int MOST_BRANCHES = 5_000;
  private static final int MOST_COMMITS = 2_048;

  void emit(Repository repository, List<RefUpdate> updates, Account by) {
    emitAll(repository, Protections.BRANCHES, "branch", MOST_BRANCHES, updates, by);
    emitAll(repository, TAGS, "tag", MOST_TAGS, updates, by);
  }

  private void emitAll(
      Repository repository,
      String prefix,
      String type,
      int most,
      List<RefUpdate> updates,
      Account by) {
    List<RefUpdate> ours =
        updates.stream().filter(update -> update.ref().startsWith(prefix)).toList();
    if (ours.size() > most) {
      return;
    }
    for (RefUpdate update : ours) {
      String name = update.ref().substring(prefix.length());
      if (update.isCreation()) {
        events.emit(
            repository,
            by,
            "create",
            null,
            Json.object()
                .put("ref", name)
                .put("ref_type", type)
                .put("master_branch", repository.defaultBranch())
                .put("description", repository.description())
                .put("pusher_type", "user"));
      }
      events.emit(repository, by, "push", null, push(repository, update, by));
      if (update.isDeletion()) {
        events.emit(
            repository,
            by,
            "delete",
            null,
            Json.object().put("ref", name).put("ref_type", type).put("pusher_type", "user"));
      }
    }
  }

  private ObjectNode push(Repository repository, RefUpdate update, Account by) {
    GitRepository git = repositories.git(repository);
    Commits commits = new Commits(git);
    Optional<String> after = update.isDeletion() ? Optional.empty() : git.commit(update.after());
    Optional<String> base =
        update.isCreation()
            ? git.branch(repository.defaultBranch()).filter(sha -> !after.equals(Optional.of(sha)))
            : git.commit(update.before());
    List<Commit> pushed =
        after
            .map(tip ->
                base.map(from -> commits.between(from, tip, MOST_COMMITS))
                    .orElseGet(() -> commits.history(tip, 0, MOST_COMMITS).reversed()))
            .orElseGet(List::of);
    Map<String, Commits.Paths> paths =
        after.map(tip -> commits.paths(base, tip, MOST_COMMITS)).orElseGet(Map::of);
    boolean forced =
        !update.isCreation()
            && !update.isDeletion()
            && !git.isAncestor(update.before(), update.after());
    ObjectNode json =
        Json.object()
            .put("ref", update.ref())
            .put("before", update.before())
            .put("after", update.after())
            .put("created", update.isCreation())
            .put("deleted", update.isDeletion())
            .put("forced", forced)
            .putNull("base_ref")
            .put("compare", compare(repository, update));
    json.set("commits", Json.array(pushed, commit -> commit(repository, commit, paths)));
    json.set(
        "head_commit",
        Json.orNull(after.flatMap(commits::find), commit -> commit(repository, commit, paths)));
    return json.set(
        "pusher",
        Json.object()
            .put("name", by.login())
            .put("email", by.id() + "+" + by.login() + "@users.noreply.github.com"));
  }

  private String compare(Repository repository, RefUpdate update) {
    return urls.html(
        "/%s/compare/%s...%s"
            .formatted(
                repository.fullName(),
                update.before().substring(0, 12),
                update.after().substring(0, 12)));
  }

  private ObjectNode commit(
      Repository repository, Commit commit, Map<String, Commits.Paths> paths) {
    Commits.Paths changed = paths.getOrDefault(commit.sha(), Commits.Paths.NONE);
    return Json.object()
        .put("id", commit.sha())
        .put("tree_id", commit.tree())
        .put("distinct", true)
        .put("message", commit.message())
        .put("timestamp", Json.time(commit.committer().at()))
        .put("url", urls.html("/" + repository.fullName() + "/commit/" + commit.sha()))
        .set("author", CommitJson.signature(commit.author()))
        .set("committer", CommitJson.signature(commit.committer()))
        .set("added", Json.texts(changed.added()))
        .set("removed", Json.texts(changed.removed()))
        .set("modified", Json.texts(changed.modified()));
  }
}
