package dev.slipway.localgithub.repository;

import dev.slipway.localgithub.api.Account;
import dev.slipway.localgithub.api.Api;
import dev.slipway.localgithub.api.Body;
import dev.slipway.localgithub.api.Call;
import dev.slipway.localgithub.api.Json;
import dev.slipway.localgithub.api.Refusals;
import dev.slipway.localgithub.api.Urls;
import dev.slipway.localserver.RefusedException;
import java.io.IOException;
import java.time.Clock;
import java.util.List;
import java.util.Objects;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/// What is answered about repositories as a whole.
public final class RepositoryRoutes {
  private static final Pattern NAME = Pattern.compile("(?!\\.{1,2}$)[A-Za-z0-9._-]{1,100}");

  private final Repositories repositories;
  private final RepositoryJson json;
  private final Events events;
  private final Clock clock;

  public RepositoryRoutes(Repositories repositories, Events events, Urls urls, Clock clock) {
    this.repositories = repositories;
    this.events = events;
    this.clock = clock;
    json = new RepositoryJson(urls);
  }

  public void addTo(Api api) {
    Api _ =
        api.on("POST /user/repos", this::create)
            .on("GET /user/repos", this::list)
            .on("GET /users/{login}/repos", this::listOf)
            .on(
                "GET /repos/{owner}/{repo}",
                call -> call.answer(200, full(repositories.require(call))))
            .on("GET /repos/{owner}/{repo}/forks", this::forks)
            .on("POST /repos/{owner}/{repo}/forks", this::fork)
            .on("PATCH /repos/{owner}/{repo}", this::change)
            .on("DELETE /repos/{owner}/{repo}", this::delete);
  }

  private void create(Call call) throws IOException {
    call.caller().require(true, "administration");
    Body body = call.body();
    String name = name(body.requireText("name"));
    call.exchange()
        .set("Location", call.urls().api("/repos/" + Account.OWNER.login() + "/" + name));
    call.answer(
        201,
        json.full(
            repositories.create(
                name,
                body.text("description").orElse(null),
                body.flag("private").orElse(false),
                body.flag("auto_init").orElse(false))));
  }

  private ObjectNode full(Repository repository) {
    ObjectNode full = json.full(repository);
    if (repository.parent() != null) {
      repositories
          .find(repository.parent())
          .ifPresent(of -> full.set("parent", json.json(of)).set("source", json.json(of)));
    }
    return full;
  }

  private void forks(Call call) throws IOException {
    Repository of = repositories.require(call);
    call.page(
        repositories.all().stream()
            .filter(each -> Long.valueOf(of.id()).equals(each.parent()))
            .filter(each -> call.caller().sees(each.id()))
            .toList(),
        json::json);
  }

  /// Whoever asks has no other account of his own: a fork is an organization's.
  private void fork(Call call) throws IOException {
    Repository of = repositories.require(call);
    call.caller().require(true, "administration");
    Body body = call.body();
    String organization = body.text("organization").orElse(Account.OWNER.login());
    if (!NAME.matcher(organization).matches()
        || organization.equalsIgnoreCase(of.owner())
        || organization.equalsIgnoreCase(Account.OWNER.login())) {
      throw new RefusedException(
          403, "Name another organization to fork " + of.fullName() + " to: it has this one.");
    }
    Repository made =
        repositories.fork(of, organization, name(body.text("name").orElse(of.name())));
    call.answer(202, full(made));
  }

  private static String name(String name) {
    String stripped = name.endsWith(".git") ? name.substring(0, name.length() - 4) : name;
    if (!NAME.matcher(stripped).matches()) {
      throw Refusals.invalid("Repository", "name", "invalid", "name is invalid");
    }
    return stripped;
  }

  private void list(Call call) throws IOException {
    call.page(
        repositories.all().stream().filter(each -> call.caller().sees(each.id())).toList(),
        json::full);
  }

  private void listOf(Call call) throws IOException {
    String login = call.parameter("login");
    List<Repository> owned =
        repositories.all().stream().filter(each -> each.owner().equalsIgnoreCase(login)).toList();
    if (owned.isEmpty() && !login.equalsIgnoreCase(Account.OWNER.login())) {
      throw Refusals.notFound();
    }
    call.page(
        owned.stream().filter(each -> !each.isPrivate() && call.caller().sees(each.id())).toList(),
        json::json);
  }

  private void change(Call call) throws IOException {
    Repository repository = repositories.require(call);
    call.caller().require(true, "administration");
    Body body = call.body();
    if (repository.archived() && body.flag("archived").orElse(true)) {
      throw new RefusedException(403, "Repository was archived so is read-only.");
    }
    Account by = call.caller().account();
    if (body.text("name").isPresent()) {
      repository = rename(repository, name(body.text("name").get()), by);
    }
    if (body.text("default_branch").isPresent()) {
      repository = changeDefaultBranch(repository, body.text("default_branch").get(), by);
    }
    Repository changed = describe(repository, body);
    emitChanges(repository, changed, by);
    call.answer(200, full(changed));
  }

  private Repository rename(Repository repository, String name, Account by) {
    if (name.equals(repository.name())) {
      return repository;
    }
    Repository renamed = repositories.rename(repository, name);
    emit(renamed, by, "renamed", "repository", from("name", repository.name()));
    return renamed;
  }

  private static ObjectNode from(String field, @Nullable String before) {
    return Json.object().set(field, Json.object().put("from", before));
  }

  private void emit(
      Repository repository, Account by, String action, String field, ObjectNode change) {
    ObjectNode changes = field.isEmpty() ? change : Json.object().set(field, change);
    events.emit(repository, by, "repository", action, Json.object().set("changes", changes));
  }

  private void emitChanges(Repository before, Repository after, Account by) {
    if (!Objects.equals(before.description(), after.description())) {
      emit(after, by, "edited", "", from("description", before.description()));
    }
    if (before.archived() != after.archived()) {
      emit(after, by, after.archived() ? "archived" : "unarchived");
    }
    if (before.isPrivate() != after.isPrivate()) {
      emit(after, by, after.isPrivate() ? "privatized" : "publicized");
    }
  }

  private void emit(Repository repository, Account by, String action) {
    events.emit(repository, by, "repository", action, Json.object());
  }

  private Repository changeDefaultBranch(Repository repository, String branch, Account by) {
    if (repositories.git(repository).branch(branch).isEmpty()) {
      throw Refusals.invalid(
          "Repository",
          "default_branch",
          "invalid",
          "The branch " + branch + " was not found. Please push that ref first.");
    }
    Repository changed = repositories.makeDefault(repository, branch);
    if (!branch.equals(repository.defaultBranch())) {
      emit(changed, by, "edited", "", from("default_branch", repository.defaultBranch()));
    }
    return changed;
  }

  private Repository describe(Repository repository, Body body) {
    @Nullable String description =
        body.names("description")
            ? body.text("description").orElse(null)
            : repository.description();
    boolean isPrivate = body.flag("private").orElse(repository.isPrivate());
    boolean archived = body.flag("archived").orElse(repository.archived());
    boolean deletes = body.flag("delete_branch_on_merge").orElse(repository.deletesBranches());
    return repositories.change(
        repository,
        current -> current.described(description, isPrivate, archived, deletes, clock.instant()));
  }

  private void delete(Call call) throws IOException {
    Repository repository = repositories.require(call);
    call.caller().require(true, "administration");
    emit(repository, call.caller().account(), "deleted");
    repositories.delete(repository);
    call.noContent();
  }
}
