package dev.slipway.notifier.hub;

import dev.slipway.pipeline.live.MercureTopics;
import dev.slipway.schemas.Ids;
import dev.slipway.web.ApiException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.util.MultiValueMap;
import org.springframework.web.util.UriUtils;

/// Reads the parameters of a stream. Their union is what the client gets; none is everything of its
/// tenant.
///
/// | parameter | value | to read again after a reset |
/// |---|---|---|
/// | `repository` | `owner/name` | its pull requests |
/// | `pull_request` | `owner/name#number` | it |
/// | `task_id`, `sandbox_id`, `session_id` | UUID | it |
/// | `execution_id`, `squad_id`, `agent_id` | 1–255 characters | the tasks of it |
/// | none | | pull requests, tasks, sandboxes |
final class Selection {
  static final String LAST_EVENT_ID = "last_event_id";

  /// More than a client can mean, few enough to look up for each event.
  private static final int MAX_TOPICS = 200;

  private static final String NAME = "([A-Za-z0-9._-]{1,100})/([A-Za-z0-9._-]{1,100})";
  private static final Pattern REPOSITORY = Pattern.compile(NAME);
  private static final Pattern PULL_REQUEST = Pattern.compile(NAME + "#([1-9][0-9]{0,17})");
  private static final Pattern ID = Pattern.compile("(?=.*\\S)[^\\p{Cntrl}]{1,255}");

  private static final String PULL_REQUESTS = "/api/v1/pull-requests";
  private static final String TASKS = "/api/v1/tasks";
  private static final String SANDBOXES = "/api/v1/sandboxes";
  private static final List<String> ALL = List.of(PULL_REQUESTS, TASKS, SANDBOXES);

  private final MercureTopics live;
  private final Set<String> topics = new LinkedHashSet<>();
  private final Set<String> snapshot = new LinkedHashSet<>();

  private Selection(String tenant) {
    this.live = new MercureTopics(tenant);
  }

  /// @throws ApiException 422 for a parameter that is unknown or whose value is malformed
  static Subscription of(MultiValueMap<String, String> query, String tenant) {
    Selection selection = new Selection(tenant);
    query.forEach((name, values) -> {
      for (@Nullable String value : new ArrayList<@Nullable String>(values)) {
        selection.read(name, value == null ? "" : value);
      }
    });
    if (selection.topics.size() > MAX_TOPICS) {
      throw ApiException.invalid(
          "", "too_many", "A stream takes " + MAX_TOPICS + " values: open a second one.");
    }
    List<String> paths = selection.topics.isEmpty() ? ALL : List.copyOf(selection.snapshot);
    return new Subscription(tenant, selection.topics, paths);
  }

  private void read(String name, String value) {
    switch (name) {
      case LAST_EVENT_ID -> {
        // judged by the hub: what is wrong with it is told in the stream
      }
      case "repository" -> repository(matched(REPOSITORY, name, value, "owner/name"));
      case "pull_request" ->
          pullRequest(matched(PULL_REQUEST, name, value, "owner/name#number, # written as %23"));
      case "task_id" -> {
        String id = uuid(name, value);
        add(live.task(id), TASKS + "/" + id);
      }
      case "sandbox_id" -> {
        String id = uuid(name, value);
        add(live.sandbox(id), SANDBOXES + "/" + id);
      }
      case "session_id" -> {
        String id = uuid(name, value);
        add(live.session(id), "/api/v1/sessions/" + id);
      }
      case "execution_id" -> add(live.execution(id(name, value)), tasksOf(name, value));
      case "squad_id" -> add(live.squad(id(name, value)), tasksOf(name, value));
      case "agent_id" -> add(live.agent(id(name, value)), tasksOf(name, value));
      default -> throw ApiException.invalid(name, "unknown_field", "There is no such parameter.");
    }
  }

  private void add(String topic, String path) {
    topics.add(topic);
    snapshot.add(path);
  }

  private void repository(Matcher name) {
    String path = PULL_REQUESTS + "?repository=" + name.group(1) + "/" + name.group(2);
    add(live.repository(name.group(1) + "/" + name.group(2)), path);
  }

  private void pullRequest(Matcher name) {
    long number = Long.parseLong(name.group(3));
    String path = PULL_REQUESTS + "/" + name.group(1) + "/" + name.group(2) + "/" + number;
    add(live.pullRequest(name.group(1) + "/" + name.group(2), number), path);
  }

  private static String tasksOf(String name, String value) {
    return TASKS + "?" + name + "=" + UriUtils.encode(value, StandardCharsets.UTF_8);
  }

  private static String uuid(String name, String value) {
    return matched(Ids.UUID_TEXT, name, value, "a UUID").group().toLowerCase(Locale.ROOT);
  }

  private static String id(String name, String value) {
    return matched(ID, name, value, "1 to 255 characters").group();
  }

  private static Matcher matched(Pattern pattern, String name, String value, String expected) {
    Matcher matcher = pattern.matcher(value);
    if (!matcher.matches()) {
      throw ApiException.invalid(name, "malformed", "It must be " + expected + ".");
    }
    return matcher;
  }
}
