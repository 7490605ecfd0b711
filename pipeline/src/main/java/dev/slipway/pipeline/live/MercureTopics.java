package dev.slipway.pipeline.live;

import dev.slipway.schemas.context.Context;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/// Mercure topics of one tenant: pure. Each is a path whose segments are percent-encoded (RFC 3986
/// §3.3); owner and name of a repository are lower case, as GitHub takes them in any.
///
/// | about | topic |
/// |---|---|
/// | a task, execution, squad, agent, sandbox, session | `/t/{tenant}/tasks/{id}`, … |
/// | a repository | `/t/{tenant}/repositories/{owner}/{name}` |
/// | a pull request | `/t/{tenant}/pull-requests/{owner}/{name}/{number}` |
public final class MercureTopics {
  /// What may stand in a segment as it is, besides letters and digits (RFC 3986 §3.3, `pchar`).
  private static final String PLAIN = "-._~!$&'()*+,;=:@";

  private static final HexFormat HEX = HexFormat.of().withUpperCase();

  private final String root;

  public MercureTopics(String tenant) {
    this.root = "/t/" + segment(tenant);
  }

  /// Those of all that an event belongs to.
  public List<String> of(Context context) {
    var topics = new ArrayList<String>();
    add(topics, context.getTaskId(), this::task);
    add(topics, context.getExecutionId(), this::execution);
    add(topics, context.getSquadId(), this::squad);
    add(topics, context.getAgentId(), this::agent);
    add(topics, context.getSandboxId(), this::sandbox);
    add(topics, context.getSessionId(), this::session);
    return topics;
  }

  private static void add(List<String> topics, @Nullable String id, UnaryOperator<String> name) {
    if (id != null) {
      topics.add(name.apply(id));
    }
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
    var encoded = new StringBuilder(text.length());
    for (byte unit : text.getBytes(StandardCharsets.UTF_8)) {
      if (isPlain(unit)) {
        encoded.append((char) unit);
      } else {
        encoded.append('%').append(HEX.toHexDigits(unit));
      }
    }
    return encoded.toString();
  }

  private static boolean isPlain(byte unit) {
    return (unit >= 'a' && unit <= 'z')
        || (unit >= 'A' && unit <= 'Z')
        || (unit >= '0' && unit <= '9')
        || PLAIN.indexOf(unit) >= 0;
  }
}
