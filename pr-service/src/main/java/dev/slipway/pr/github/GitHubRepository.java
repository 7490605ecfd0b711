package dev.slipway.pr.github;

import dev.slipway.web.github.AnswerJson;
import dev.slipway.web.github.Received;
import dev.slipway.web.github.RepositoryPath;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// A repository of GitHub's and its pull requests, as one tenant may speak to it.
///
/// A call that writes and fails with [dev.slipway.web.github.GitHubFailure#mayHaveHappened] may
/// have done what it was to: look before it is made again.
public final class GitHubRepository {
  private final Calls calls;
  private final GitHubRoutes routes;
  private final String owner;
  private final String name;

  GitHubRepository(Calls calls, GitHubRoutes routes, RepositoryPath path) {
    this.calls = calls;
    this.routes = routes;
    this.owner = path.owner();
    this.name = path.name();
  }

  /// Reads what it is, under whatever name.
  ///
  /// @throws dev.slipway.web.github.GitHubException it was not read, or is another tenant's by now
  public Answer<RemoteRepository> read() {
    Answer<RemoteRepository> read =
        answer(calls.read(as -> routes.repository(as, owner, name)), RemoteRepository::of);
    calls.recheck(read.value().fullName());
    return read;
  }

  /// Pull requests of a head, open and closed, as GitHub finds them. It may also find such as have
  /// another head on the same commit: look at [RemotePullRequest#head].
  ///
  /// @param headOwner login of whose repository the branch is in
  public List<RemotePullRequest> pullRequestsOf(String headOwner, String branch) {
    return calls.list(
        routes,
        as -> routes.pullRequestsOf(as, owner, name, headOwner + ":" + branch),
        RemotePullRequest::of);
  }

  public Answer<RemotePullRequest> pullRequest(long number) {
    return answer(
        calls.read(as -> routes.pullRequest(as, owner, name, number)), RemotePullRequest::of);
  }

  /// Opens one. GitHub does not know a repetition as such: of a head that has one already it says
  /// `already_exists`.
  ///
  /// @param last done when nothing is left to wait for, right before it is asked
  public Answer<RemotePullRequest> open(NewPullRequest wanted, LastWord last)
      throws InterruptedException {
    ObjectNode body =
        object()
            .put("title", wanted.title())
            .put("head", wanted.head())
            .put("base", wanted.base())
            .put("body", wanted.body())
            .put("draft", wanted.draft());
    return answer(
        calls.create(as -> routes.open(as, owner, name, body), last), RemotePullRequest::of);
  }

  /// What a caller does before a call leaves.
  @FunctionalInterface
  public interface LastWord {
    /// Says it.
    ///
    /// @throws InterruptedException the call is not to be made
    void say() throws InterruptedException;
  }

  /// Closes one without merging it.
  public Answer<RemotePullRequest> close(long number) {
    ObjectNode body = object().put("state", "closed");
    return answer(
        calls.write(as -> routes.update(as, owner, name, number, body)), RemotePullRequest::of);
  }

  /// The texts of comments on one, the oldest first.
  public List<String> comments(long number) {
    return calls.list(
        routes,
        as -> routes.comments(as, owner, name, number),
        item -> item.textIfAny("/body").orElse(""));
  }

  /// Comments on one.
  public void comment(long number, String text) {
    ObjectNode body = object().put("body", text);
    Received _ = calls.create(as -> routes.comment(as, owner, name, number, body));
  }

  /// Adds labels to one, made where the repository has none of that name.
  public void label(long number, List<String> labels) {
    ObjectNode body = object();
    ArrayNode names = body.putArray("labels");
    labels.forEach(names::add);
    Received _ = calls.write(as -> routes.label(as, owner, name, number, body));
  }

  /// The commit that a branch is at; empty when there is no such branch, or no such repository.
  public Optional<String> tip(String branch) {
    return calls
        .find(as -> routes.branch(as, owner, name, branch))
        .map(source -> AnswerJson.of(source).text("/object/sha"));
  }

  /// Whether a commit is another or follows from it. False also when GitHub knows one of them no
  /// more.
  public boolean descends(String commit, String from) {
    return commit.equals(from)
        || calls
            .find(as -> routes.compare(as, owner, name, from, commit))
            .map(source -> AnswerJson.of(source).text("/status"))
            .filter(status -> status.equals("ahead") || status.equals("identical"))
            .isPresent();
  }

  /// What changed between a commit and another, as a patch: without the content of what is no text.
  public byte[] diff(String from, String to) {
    return calls.read(as -> routes.diff(as, owner, name, from, to)).body();
  }

  private static ObjectNode object() {
    return JsonMapper.shared().createObjectNode();
  }

  private static <T> Answer<T> answer(Received source, Function<AnswerJson, T> read) {
    return new Answer<>(read.apply(AnswerJson.of(source)), source);
  }
}
