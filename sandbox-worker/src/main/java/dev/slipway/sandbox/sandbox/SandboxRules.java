package dev.slipway.sandbox.sandbox;

import dev.slipway.pipeline.core.RepositoryUrl;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// What may be asked of a sandbox, whoever asks: pure.
final class SandboxRules {
  private static final int KIB = 1_024;
  private static final int MOST_METADATA_BYTES = 16 * KIB;
  private static final int MOST_ENVIRONMENT_BYTES = 64 * KIB;
  private static final int MOST_COMMAND_BYTES = 128 * KIB;
  private static final int MOST_STDIN_BYTES = KIB * KIB;
  private static final int LONGEST_PATH_BYTES = 4 * KIB;
  private static final int LONGEST_ID = 128;
  private static final int MOST_HOSTS = 100;
  private static final Duration SHORTEST = Duration.ofSeconds(1);
  private static final Duration LONGEST = Duration.ofDays(1);
  private static final Pattern TEMPLATE = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._/:-]{0,127}");
  private static final Pattern LABEL = Pattern.compile("[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?");
  private static final Pattern HOST =
      Pattern.compile("([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\\.)*[a-z]([a-z0-9-]{0,61}[a-z0-9])?");
  private static final Pattern UUID_TEXT =
      Pattern.compile("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}");
  private static final Pattern VARIABLE = Pattern.compile("[A-Za-z_][A-Za-z0-9_]{0,255}");
  private static final Pattern REFERENCE =
      Pattern.compile("secret://file/[A-Za-z0-9_][A-Za-z0-9._-]{0,127}");

  private SandboxRules() {}

  /// Something that may not be.
  ///
  /// @param field as the API names it
  /// @param code stable, such as `range`
  /// @param detail for people; never the value itself
  record Violation(String field, String code, String detail) {}

  static List<Violation> violations(SandboxSpec spec, SandboxContext context) {
    var found = new ArrayList<Violation>();
    if (!TEMPLATE.matcher(spec.template()).matches()) {
      found.add(
          new Violation(
              "template",
              "pattern",
              "It must be 1 to 128 letters, digits, '.', '_', '/', ':', '-'."));
    }
    timeout(found, spec.timeout());
    metadata(found, spec.metadata());
    environment(found, spec.environment());
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
            || !isStorable(directory)
            || bytes(directory) > LONGEST_PATH_BYTES)) {
      found.add(new Violation("cwd", "pattern", "It must be an absolute path of at most 4 KiB."));
    }
    environment(found, command.environment());
    timeout(found, command.timeout());
    if (command.stdin() != null) {
      text(found, "stdin", command.stdin(), MOST_STDIN_BYTES);
    }
    return found;
  }

  static List<Violation> violations(Duration timeout) {
    var found = new ArrayList<Violation>();
    timeout(found, timeout);
    return found;
  }

  /// Whether Postgres keeps the text as it is: it has no NUL, and UTF-8 has no half of a pair.
  static boolean isStorable(String text) {
    return text.codePoints().allMatch(c -> c != 0 && (c < 0xD800 || c > 0xDFFF));
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
      text(found, "command", line, MOST_COMMAND_BYTES);
    } else {
      if (argv.getFirst().isEmpty()) {
        found.add(new Violation("argv", "size", "It must begin with a program."));
      }
      text(found, "argv", String.join(" ", argv), MOST_COMMAND_BYTES);
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
    entries(found, "metadata", metadata, MOST_METADATA_BYTES);
  }

  private static void environment(List<Violation> found, Map<String, String> environment) {
    environment.forEach((name, value) -> {
      if (!VARIABLE.matcher(name).matches()) {
        found.add(
            new Violation(
                "environment",
                "pattern",
                "A name must be letters, digits and '_', and must not begin with a digit."));
      } else if (isReference(value) && !REFERENCE.matcher(value).matches()) {
        found.add(
            new Violation(
                "environment." + name, "reference", "A reference must be secret://file/NAME."));
      }
    });
    entries(found, "environment", environment, MOST_ENVIRONMENT_BYTES);
  }

  /// Whether a value is meant as a reference to a secret.
  static boolean isReference(String value) {
    return value.startsWith("secret://");
  }

  private static void entries(
      List<Violation> found, String field, Map<String, String> entries, int most) {
    long size = 0;
    boolean storable = true;
    for (Map.Entry<String, String> entry : entries.entrySet()) {
      size += bytes(entry.getKey()) + bytes(entry.getValue());
      storable &= isStorable(entry.getKey()) && isStorable(entry.getValue());
    }
    if (!storable) {
      found.add(new Violation(field, "characters", "It must be text without NUL."));
    }
    if (size > most) {
      found.add(tooLong(field, most));
    }
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
    id(found, "user_id", context.userId());
    uuid(found, "task_id", context.taskId());
    id(found, "execution_id", context.executionId());
    id(found, "squad_id", context.squadId());
    id(found, "agent_id", context.agentId());
    uuid(found, "session_id", context.sessionId());
  }

  private static void id(List<Violation> found, String field, @Nullable String id) {
    int longest = field.equals("user_id") ? 2 * LONGEST_ID : LONGEST_ID;
    if (id != null
        && (id.isBlank()
            || id.length() > longest
            || !isStorable(id)
            || id.chars().anyMatch(Character::isISOControl))) {
      found.add(
          new Violation(
              field, "size", "It must be 1 to %d characters that can be seen.".formatted(longest)));
    }
  }

  private static void uuid(List<Violation> found, String field, @Nullable String id) {
    if (id != null && !UUID_TEXT.matcher(id).matches()) {
      found.add(new Violation(field, "pattern", "It must be a UUID in lower case."));
    }
  }

  private static void text(List<Violation> found, String field, String text, int most) {
    if (!isStorable(text)) {
      found.add(new Violation(field, "characters", "It must be text without NUL."));
    }
    if (bytes(text) > most) {
      found.add(tooLong(field, most));
    }
  }

  private static Violation tooLong(String field, int most) {
    return new Violation(field, "size", "It must be at most %d KiB.".formatted(most / KIB));
  }

  /// In UTF-8.
  static int bytes(String text) {
    return text.codePoints().map(c -> c < 0x80 ? 1 : c < 0x800 ? 2 : c < 0x10000 ? 3 : 4).sum();
  }
}
