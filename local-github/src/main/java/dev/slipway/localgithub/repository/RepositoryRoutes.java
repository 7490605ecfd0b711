package dev.slipway.localgithub.repository;

import dev.slipway.localgithub.api.Account;
import dev.slipway.localgithub.api.Api;
import dev.slipway.localgithub.api.Body;
import dev.slipway.localgithub.api.Call;
import dev.slipway.localgithub.api.Refusals;
import dev.slipway.localgithub.api.Urls;
import dev.slipway.localserver.RefusedException;
import java.io.IOException;
import java.time.Clock;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// What is answered about repositories as a whole.
public final class RepositoryRoutes {
  private static final Pattern NAME = Pattern.compile("(?!\\.{1,2}$)[A-Za-z0-9._-]{1,100}");

  private final Repositories repositories;
  private final RepositoryJson json;
  private final Clock clock;

  public RepositoryRoutes(Repositories repositories, Urls urls, Clock clock) {
    this.repositories = repositories;
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
                call -> call.answer(200, json.full(repositories.require(call))))
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
    if (!call.parameter("login").equalsIgnoreCase(Account.OWNER.login())) {
      throw Refusals.notFound();
    }
    call.page(
        repositories.all().stream()
            .filter(each -> !each.isPrivate() && call.caller().sees(each.id()))
            .toList(),
        json::json);
  }

  private void change(Call call) throws IOException {
    Repository repository = repositories.require(call);
    call.caller().require(true, "administration");
    Body body = call.body();
    if (repository.archived() && body.flag("archived").orElse(true)) {
      throw new RefusedException(403, "Repository was archived so is read-only.");
    }
    if (body.text("name").isPresent()) {
      repository = repositories.rename(repository, name(body.text("name").get()));
    }
    if (body.text("default_branch").isPresent()) {
      repository = changeDefaultBranch(repository, body.text("default_branch").get());
    }
    call.answer(200, json.full(describe(repository, body)));
  }

  private Repository changeDefaultBranch(Repository repository, String branch) {
    if (repositories.git(repository).branch(branch).isEmpty()) {
      throw Refusals.invalid(
          "Repository",
          "default_branch",
          "invalid",
          "The branch " + branch + " was not found. Please push that ref first.");
    }
    return repositories.makeDefault(repository, branch);
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
    repositories.delete(repository);
    call.noContent();
  }
}
