package dev.slipway.localgithub.repository;

import dev.slipway.localgithub.api.Api;
import dev.slipway.localgithub.api.Body;
import dev.slipway.localgithub.api.Call;
import dev.slipway.localgithub.api.Json;
import dev.slipway.localgithub.api.Refusals;
import dev.slipway.localgithub.api.Urls;
import dev.slipway.localgithub.git.GitRepository;
import dev.slipway.localgithub.git.GitRepository.Ref;
import dev.slipway.localgithub.git.RefUpdate;
import dev.slipway.localserver.RefusedException;
import java.io.IOException;
import java.util.List;
import tools.jackson.databind.node.ObjectNode;

/// What is answered about references.
public final class ReferenceRoutes {
  private static final String REFS = "refs/";
  private static final String HIDDEN = "refs/pull/";

  private final Repositories repositories;
  private final References references;
  private final Protections protections;
  private final Urls urls;

  public ReferenceRoutes(
      Repositories repositories, References references, Protections protections, Urls urls) {
    this.repositories = repositories;
    this.references = references;
    this.protections = protections;
    this.urls = urls;
  }

  public void addTo(Api api) {
    Api _ =
        api.on("GET /repos/{owner}/{repo}/git/ref/{ref*}", this::show)
            .on("GET /repos/{owner}/{repo}/git/matching-refs/{ref*}", this::matching)
            .on("POST /repos/{owner}/{repo}/git/refs", this::create)
            .on("PATCH /repos/{owner}/{repo}/git/refs/{ref*}", this::move)
            .on("DELETE /repos/{owner}/{repo}/git/refs/{ref*}", this::delete);
  }

  private ObjectNode json(Repository repository, Ref ref) {
    String api = urls.api("/repos/" + repository.fullName() + "/git/");
    return Json.object()
        .put("ref", ref.name())
        .put("node_id", Json.nodeId("Ref", repository.id() + ":" + ref.name()))
        .put("url", api + ref.name())
        .set(
            "object",
            Json.object()
                .put("sha", ref.sha())
                .put("type", ref.type())
                .put("url", api + ref.type() + "s/" + ref.sha()));
  }

  /// Who reads git's objects of a repository that has none is told so.
  private GitRepository requireGit(Repository repository, Call call) {
    call.caller().require(false, "contents");
    GitRepository git = repositories.git(repository);
    if (git.refs(REFS).isEmpty()) {
      throw new RefusedException(409, "Git Repository is empty.");
    }
    return git;
  }

  private void show(Call call) throws IOException {
    Repository repository = repositories.require(call);
    Ref ref =
        requireGit(repository, call)
            .ref(REFS + call.parameter("ref"))
            .orElseThrow(Refusals::notFound);
    call.answer(200, json(repository, ref));
  }

  private void matching(Call call) throws IOException {
    Repository repository = repositories.require(call);
    call.page(
        requireGit(repository, call).refs(REFS + call.parameter("ref")),
        ref -> json(repository, ref));
  }

  private void create(Call call) throws IOException {
    Repository repository = repositories.requireWritable(call, "contents");
    Body body = call.body();
    String name = body.requireText("ref");
    String sha = body.requireText("sha");
    GitRepository git = requireGit(repository, call);
    if (!name.startsWith(REFS) || name.indexOf('/', REFS.length()) < 0 || !git.isRefName(name)) {
      throw new RefusedException(422, "Reference name must start with 'refs/' and be valid.");
    }
    if (name.startsWith(HIDDEN)) {
      throw new RefusedException(422, "Reference name is reserved: " + name);
    }
    RefUpdate creation = new RefUpdate(name, RefUpdate.NONE, requireObject(git, sha));
    requireAllowed(repository, creation, true);
    if (!references.update(repository, creation, call.caller())) {
      throw new RefusedException(422, "Reference already exists");
    }
    Ref made = git.ref(name).orElseThrow(Refusals::notFound);
    call.exchange().set("Location", urls.api("/repos/" + repository.fullName() + "/git/" + name));
    call.answer(201, json(repository, made));
  }

  private static String requireObject(GitRepository git, String sha) {
    if (!sha.matches("[0-9a-f]{40}")) {
      throw new RefusedException(
          422, "The sha parameter must be exactly 40 characters and contain only [0-9a-f].");
    }
    return git.object(sha + "^{object}")
        .orElseThrow(() -> new RefusedException(422, "Object does not exist"));
  }

  private void move(Call call) throws IOException {
    Repository repository = repositories.requireWritable(call, "contents");
    Body body = call.body();
    GitRepository git = requireGit(repository, call);
    Ref present = requirePresent(git, call);
    String object = requireObject(git, body.requireText("sha"));
    boolean force = body.flag("force").orElse(false);
    boolean forward = git.isAncestor(present.sha(), object);
    RefUpdate update = new RefUpdate(present.name(), present.sha(), object);
    requireAllowed(repository, update, forward);
    if (!forward && !force) {
      throw new RefusedException(422, "Update is not a fast forward");
    }
    if (!references.update(repository, update, call.caller())) {
      throw new RefusedException(409, "Reference cannot be updated");
    }
    call.answer(200, json(repository, new Ref(present.name(), object, present.type())));
  }

  private static Ref requirePresent(GitRepository git, Call call) {
    return git.ref(REFS + call.parameter("ref"))
        .filter(ref -> !ref.name().startsWith(HIDDEN))
        .orElseThrow(() -> new RefusedException(422, "Reference does not exist"));
  }

  private void requireAllowed(Repository repository, RefUpdate update, boolean forward) {
    protections
        .rules(repository, List.of(update))
        .refusal(update.ref(), forward)
        .ifPresent(reason -> {
          throw new RefusedException(422, reason);
        });
  }

  private void delete(Call call) throws IOException {
    Repository repository = repositories.requireWritable(call, "contents");
    Ref present = requirePresent(requireGit(repository, call), call);
    RefUpdate deletion = new RefUpdate(present.name(), present.sha(), RefUpdate.NONE);
    requireAllowed(repository, deletion, true);
    if (present.name().equals(Protections.BRANCHES + repository.defaultBranch())) {
      throw new RefusedException(422, "Cannot delete the default branch");
    }
    if (!references.update(repository, deletion, call.caller())) {
      throw new RefusedException(409, "Reference cannot be deleted");
    }
    call.noContent();
  }
}
