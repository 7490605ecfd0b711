package dev.slipway.notifier.topic;

import dev.slipway.web.security.GitHubNames;
import java.nio.charset.StandardCharsets;
import org.springframework.web.util.UriUtils;

/// Mercure topics of one tenant: pure. Each is a path whose segments are percent-encoded (RFC 3986
/// §3.3); owner and name of a repository are lower case, as GitHub takes them in any.
///
/// | about | topic |
/// |---|---|
/// | a task, execution, squad, agent, sandbox, session | `/t/{tenant}/tasks/{id}`, … |
/// | a repository | `/t/{tenant}/repositories/{owner}/{name}` |
/// | a pull request | `/t/{tenant}/pull-requests/{owner}/{name}/{number}` |
public final class MercureTopics {
  private final String root;

  public MercureTopics(String tenant) {
    this.root = "/t/" + segment(tenant);
  }

  public String task(String id) {
    return of("tasks", id);
  }

  public String execution(String id) {
    return of("executions", id);
  }

  public String squad(String id) {
    return of("squads", id);
  }

  public String agent(String id) {
    return of("agents", id);
  }

  public String sandbox(String id) {
    return of("sandboxes", id);
  }

  public String session(String id) {
    return of("sessions", id);
  }

  /// A repository's.
  ///
  /// @param fullName `owner/name` in any case
  public String repository(String fullName) {
    return root + "/repositories/" + repositoryPath(fullName);
  }

  /// A pull request's.
  ///
  /// @param fullName `owner/name` of its base repository in any case
  public String pullRequest(String fullName, long number) {
    return root + "/pull-requests/" + repositoryPath(fullName) + "/" + number;
  }

  private String of(String kind, String id) {
    return root + "/" + kind + "/" + segment(id);
  }

  private static String repositoryPath(String fullName) {
    String lowerCase = GitHubNames.folded(fullName);
    int slash = lowerCase.indexOf('/');
    return slash < 0
        ? segment(lowerCase)
        : segment(lowerCase.substring(0, slash)) + "/" + segment(lowerCase.substring(slash + 1));
  }

  private static String segment(String text) {
    return UriUtils.encodePathSegment(text, StandardCharsets.UTF_8);
  }
}
