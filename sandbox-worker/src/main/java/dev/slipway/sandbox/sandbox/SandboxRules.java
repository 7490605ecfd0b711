package dev.slipway.sandbox.sandbox;

import dev.slipway.pipeline.core.FieldRules;
import dev.slipway.pipeline.core.RepositoryUrl;
import dev.slipway.pipeline.core.Violation;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/// What may be asked of a sandbox, whoever asks: pure.
final class SandboxRules {
  private static final int KIB = 1_024;
  private static final int MOST_METADATA_BYTES = 16 * KIB;
  private static final int MOST_ENVIRONMENT_BYTES = 64 * KIB;
  private static final int MOST_COMMAND_BYTES = 128 * KIB;
  private static final int MOST_STDIN_BYTES = KIB * KIB;
  private static final int LONGEST_PATH_BYTES = 4 * KIB;
  private static final int LONGEST_ID = 128;
  private static final int LONGEST_USER = 256;
  private static final int MOST_HOSTS = 100;
  private static final Duration SHORTEST = Duration.ofSeconds(1);
  private static final Duration LONGEST = Duration.ofDays(1);
  private static final Pattern LABEL = Pattern.compile("[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?");
  private static final Pattern HOST =
      Pattern.compile("([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\\.)*[a-z]([a-z0-9-]{0,61}[a-z0-9])?");

  private SandboxRules() {}

  static List<Violation> violations(SandboxSpec spec, SandboxContext context) {
    var found = new ArrayList<Violation>();
    FieldRules.template(found, spec.template());
    timeout(found, spec.timeout());
    metadata(found, spec.metadata());
    FieldRules.environment(found, "environment", spec.environment(), MOST_ENVIRONMENT_BYTES);
    network(found, spec.network());
    if (spec.repositoryUrl() != null && RepositoryUrl.parse(spec.repositoryUrl()).isEmpty()) {
      found.add(
          new Violation(
              "repository_url",
              "pattern",
              "It must be an http or https address of a repository, without credentials."));
    }
    if (spec.name() != null && !LABEL.matcher(spec.name()).matches()) {
      found.add(
          new Violation(
              "name",
              "pattern",
              "It must be a DNS label: 1 to 63 lower-case letters, digits and inner dashes."));
    }
    context(found, context);
    return found;
  }

  static List<Violation> violations(CommandSpec command) {
    var found = new ArrayList<Violation>();
    program(found, command);
    String directory = command.directory();
    if (directory != null
        && (!directory.startsWith("/")
            || !FieldRules.isStorable(directory)
            || FieldRules.bytes(directory) > LONGEST_PATH_BYTES)) {
      found.add(new Violation("cwd", "pattern", "It must be an absolute path of at most 4 KiB."));
    }
    FieldRules.environment(found, "environment", command.environment(), MOST_ENVIRONMENT_BYTES);
    timeout(found, command.timeout());
    FieldRules.text(found, "stdin", command.stdin(), MOST_STDIN_BYTES);
    return found;
  }

  static List<Violation> violations(Duration timeout) {
    var found = new ArrayList<Violation>();
    timeout(found, timeout);
    return found;
  }

  private static void program(List<Violation> found, CommandSpec command) {
    String line = command.command();
    List<String> argv = command.argv();
    if ((line == null) == argv.isEmpty()) {
      found.add(
          new Violation("command", "required", "Exactly one of command and argv must be given."));
    } else if (line != null) {
      if (line.isBlank()) {
        found.add(new Violation("command", "size", "It must not be blank."));
      }
      FieldRules.text(found, "command", line, MOST_COMMAND_BYTES);
    } else {
      if (argv.getFirst().isEmpty()) {
        found.add(new Violation("argv", "size", "It must begin with a program."));
      }
      FieldRules.text(found, "argv", String.join(" ", argv), MOST_COMMAND_BYTES);
    }
  }

  private static void timeout(List<Violation> found, Duration timeout) {
    if (timeout.compareTo(SHORTEST) < 0 || timeout.compareTo(LONGEST) > 0) {
      found.add(
          new Violation(
              "timeout_seconds",
              "range",
              "It must be %d to %d.".formatted(SHORTEST.toSeconds(), LONGEST.toSeconds())));
    }
  }

  private static void metadata(List<Violation> found, Map<String, String> metadata) {
    if (metadata.containsKey("")) {
      found.add(new Violation("metadata", "size", "A key must not be empty."));
    }
    FieldRules.entries(found, "metadata", metadata, MOST_METADATA_BYTES);
  }

  private static void network(List<Violation> found, Network network) {
    List<String> hosts = network.hosts();
    boolean fits =
        network.mode() == Network.Mode.HOSTS
            ? !hosts.isEmpty() && hosts.size() <= MOST_HOSTS
            : hosts.isEmpty();
    if (!fits || !hosts.stream().allMatch(SandboxRules::isHost)) {
      found.add(
          new Violation(
              "network", "pattern", "It must be \"on\", \"off\" or 1 to 100 names of hosts."));
    }
  }

  private static boolean isHost(String host) {
    return host.length() <= 253 && HOST.matcher(host).matches();
  }

  private static void context(List<Violation> found, SandboxContext context) {
    FieldRules.id(found, "user_id", context.userId(), LONGEST_USER);
    FieldRules.uuid(found, "task_id", context.taskId());
    FieldRules.id(found, "execution_id", context.executionId(), LONGEST_ID);
    FieldRules.id(found, "squad_id", context.squadId(), LONGEST_ID);
    FieldRules.id(found, "agent_id", context.agentId(), LONGEST_ID);
    FieldRules.uuid(found, "session_id", context.sessionId());
  }
}
