package dev.slipway.localgithub.content;

import dev.slipway.localgithub.api.Api;
import dev.slipway.localgithub.api.Body;
import dev.slipway.localgithub.api.Call;
import dev.slipway.localgithub.api.Json;
import dev.slipway.localgithub.api.Refusals;
import dev.slipway.localgithub.api.Urls;
import dev.slipway.localgithub.git.Commit;
import dev.slipway.localgithub.git.Commits;
import dev.slipway.localgithub.git.GitRepository;
import dev.slipway.localgithub.git.RefUpdate;
import dev.slipway.localgithub.git.Trees;
import dev.slipway.localgithub.git.Trees.Entry;
import dev.slipway.localgithub.repository.CommitJson;
import dev.slipway.localgithub.repository.Protections;
import dev.slipway.localgithub.repository.References;
import dev.slipway.localgithub.repository.Repositories;
import dev.slipway.localgithub.repository.Repository;
import dev.slipway.localserver.RefusedException;
import java.io.IOException;
import java.time.Clock;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.node.ObjectNode;

/// Files that are changed without a clone.
public final class FileRoutes {
  private static final String CONTENTS = "/repos/{owner}/{repo}/contents/{path*}";
  private static final String BRANCHES = "refs/heads/";

  private final Repositories repositories;
  private final References references;
  private final Protections protections;
  private final Urls urls;
  private final ContentJson json;
  private final Clock clock;

  public FileRoutes(
      Repositories repositories,
      References references,
      Protections protections,
      Urls urls,
      Clock clock) {
    this.repositories = repositories;
    this.references = references;
    this.protections = protections;
    this.urls = urls;
    this.clock = clock;
    json = new ContentJson(urls);
  }

  public void addTo(Api api) {
    Api _ = api.on("PUT " + CONTENTS, this::put).on("DELETE " + CONTENTS, this::delete);
  }

  private void put(Call call) throws IOException {
    Body body = call.body();
    byte[] content = content(body.requireText("content"));
    Change change = change(call, body);
    Entry present = change.present().orElse(null);
    Optional<String> sha = body.text("sha");
    if (present != null && sha.isEmpty()) {
      throw Body.missing("sha");
    }
    requireSame(change, sha);
    String blob = change.git().write("blob", content);
    String tree =
        new Trees(change.git())
            .with(
                change.base(),
                change.path(),
                Optional.of(blob),
                present == null ? "100644" : present.mode());
    String commit = commit(call, body, change, tree);
    call.answer(
        present == null ? 201 : 200,
        answer(change, commit)
            .set(
                "content",
                json.item(
                    change.repository(),
                    change.branch(),
                    change.path(),
                    new Entry("100644", "blob", blob, content.length, change.path()))));
  }

  private void delete(Call call) throws IOException {
    Body body = call.body();
    String sha = body.requireText("sha");
    Change change = change(call, body);
    if (change.present().isEmpty()) {
      throw Refusals.notFound();
    }
    requireSame(change, Optional.of(sha));
    String tree =
        new Trees(change.git()).with(change.base(), change.path(), Optional.empty(), "100644");
    call.answer(200, answer(change, commit(call, body, change, tree)).putNull("content"));
  }

  private static byte[] content(String text) {
    try {
      return Base64.getMimeDecoder().decode(text);
    } catch (IllegalArgumentException _) {
      throw new RefusedException(422, "content is not valid Base64");
    }
  }

  /// A file that is to be changed on a branch.
  ///
  /// @param base the branch's commit
  private record Change(
      Repository repository,
      GitRepository git,
      String branch,
      String base,
      String path,
      Optional<Entry> present) {}

  private Change change(Call call, Body body) {
    Repository repository = repositories.requireWritable(call, "contents");
    GitRepository git = repositories.git(repository);
    String branch = body.text("branch").orElse(repository.defaultBranch());
    String base =
        git.branch(branch)
            .orElseThrow(() -> new RefusedException(404, "Branch " + branch + " not found"));
    RefUpdate update = new RefUpdate(BRANCHES + branch, base, base); // to what, is not known yet
    protections
        .rules(repository, List.of(update))
        .refusal(update.ref(), true)
        .ifPresent(reason -> {
          throw new RefusedException(409, reason);
        });
    String path = call.parameter("path");
    if (!Trees.isPath(path)) {
      throw new RefusedException(422, "path contains a malformed path component");
    }
    return new Change(repository, git, branch, base, path, new Trees(git).find(base, path));
  }

  private static void requireSame(Change change, Optional<String> sha) {
    if (sha.isPresent() && !change.present().map(Entry::sha).equals(sha)) {
      throw new RefusedException(409, change.path() + " does not match " + sha.get());
    }
  }

  private String commit(Call call, Body body, Change change, String tree) {
    Commit.Signature signature = Repositories.signature(call.caller().account(), clock.instant());
    String made =
        new Commits(change.git())
            .create(
                tree, List.of(change.base()), body.requireText("message"), signature, signature);
    if (!references.update(
        change.repository(),
        new RefUpdate(BRANCHES + change.branch(), change.base(), made),
        call.caller())) {
      throw new RefusedException(409, change.branch() + " was changed meanwhile");
    }
    return made;
  }

  private ObjectNode answer(Change change, String commit) {
    Commit made = new Commits(change.git()).find(commit).orElseThrow(Refusals::notFound);
    return Json.object().set("commit", new CommitJson(urls).git(change.repository(), made));
  }
}
