package dev.slipway.pr.task;

import dev.slipway.pipeline.core.BranchName;
import dev.slipway.pipeline.core.RepositoryUrl;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// What may be asked of a task, whoever asks: pure. Whatever its sandbox would refuse is refused
/// here, so that nobody waits to be told.
final class TaskSpecRules {
  private static final int KIB = 1_024;
  private static final int LONGEST_TITLE = 256;
  private static final int MOST_TEXT_BYTES = 64 * KIB;
  private static final int MOST_COMMANDS = 100;
  private static final int MOST_COMMAND_BYTES = 128 * KIB;
  private static final int MOST_COMMANDS_BYTES = 512 * KIB;
  private static final int MOST_ENVIRONMENT_BYTES = 60 * KIB;
  private static final int MOST_PROMPT_BYTES = KIB * KIB;
  private static final int MOST_LABELS = 100;
  private static final int LONGEST_LABEL = 50;
  private static final int LONGEST_ID = 128;
  private static final int LONGEST_USER = 256;
  private static final int LONGEST_SECONDS = 86_400;
  private static final Pattern TEMPLATE = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._/:-]{0,127}");
  private static final Pattern VARIABLE = Pattern.compile("[A-Za-z_][A-Za-z0-9_]{0,255}");
  private static final Pattern REFERENCE =
      Pattern.compile("secret://file/[A-Za-z0-9_][A-Za-z0-9._-]{0,127}");
  private static final Pattern UUID_TEXT =
      Pattern.compile("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}");

  private TaskSpecRules() {}

  /// Something that may not be.
  ///
  /// @param field as the API names it
  /// @param code stable, such as `range`
  /// @param detail for people; never the value itself
  record Violation(String field, String code, String detail) {}

  /// The address of a repository that a task can be for.
  static boolean isRepository(String url) {
    return RepositoryUrl.parse(url).filter(RepositoryUrl::isNamed).isPresent();
  }

  /// What is wrong with a task; empty when nothing is. Whether its repository may be spoken to is
  /// for others to say.
  static List<Violation> violations(TaskSpec spec, TaskOwner owner) {
    var found = new ArrayList<Violation>();
    line(found, "title", spec.title(), LONGEST_TITLE);
    text(found, "description", spec.description(), MOST_TEXT_BYTES);
    if (!isRepository(spec.repositoryUrl())) {
      found.add(
          new Violation(
              "repository_url",
              "pattern",
              "It must name a repository: https://HOST/OWNER/NAME, without credentials."));
    }
    runner(found, spec.runner());
    if (spec.baseBranch() != null && !BranchName.isOne(spec.baseBranch())) {
      found.add(
          new Violation(
              "base_branch",
              "pattern",
              "It must be the name of a branch of at most %d characters."
                  .formatted(BranchName.LONGEST)));
    }
    if (!TEMPLATE.matcher(spec.template()).matches()) {
      found.add(
          new Violation(
              "template",
              "pattern",
              "It must be 1 to 128 letters, digits, '.', '_', '/', ':', '-'."));
    }
    seconds(found, "timeout_seconds", spec.timeoutSeconds());
    if (spec.sandboxSeconds() != null) {
      seconds(found, "sandbox_seconds", spec.sandboxSeconds());
    }
    labels(found, spec.labels());
    line(found, "pull_request.title", spec.pullRequest().title(), LONGEST_TITLE);
    text(found, "pull_request.body", spec.pullRequest().body(), MOST_TEXT_BYTES);
    owner(found, owner);
    return found;
  }

  private static void runner(List<Violation> found, Runner runner) {
    switch (runner) {
      case Runner.Commands(var commands) -> {
        if (commands.isEmpty() || commands.size() > MOST_COMMANDS) {
          found.add(
              new Violation(
                  "runner.commands", "size", "They must be 1 to %d.".formatted(MOST_COMMANDS)));
        }
        commands.forEach(command -> command(found, "runner.commands", command));
        text(found, "runner.commands", String.join("\n", commands), MOST_COMMANDS_BYTES);
      }
      case Runner.Cli cli -> {
        command(found, "runner.command_line", cli.commandLine());
        environment(found, cli.environment());
        text(found, "runner.prompt", cli.prompt(), MOST_PROMPT_BYTES);
      }
    }
  }

  private static void command(List<Violation> found, String field, String command) {
    if (command.isBlank()) {
      found.add(new Violation(field, "size", "It must not be blank."));
    }
    text(found, field, command, MOST_COMMAND_BYTES);
  }

  private static void environment(List<Violation> found, Map<String, String> environment) {
    int bytes = 0;
    for (Map.Entry<String, String> entry : environment.entrySet()) {
      String value = entry.getValue();
      bytes += bytes(entry.getKey()) + bytes(value);
      if (!VARIABLE.matcher(entry.getKey()).matches()) {
        found.add(
            new Violation(
                "runner.environment",
                "pattern",
                "A name must be letters, digits and '_', and must not begin with a digit."));
      } else if (value.startsWith("secret://") && !REFERENCE.matcher(value).matches()) {
        found.add(
            new Violation(
                "runner.environment." + entry.getKey(),
                "reference",
                "A reference must be secret://file/NAME."));
      } else if (!isStorable(value)) {
        found.add(
            new Violation("runner.environment", "characters", "It must be text without NUL."));
      }
    }
    if (bytes > MOST_ENVIRONMENT_BYTES) {
      found.add(tooLong("runner.environment", MOST_ENVIRONMENT_BYTES));
    }
  }

  private static void labels(List<Violation> found, List<String> labels) {
    if (labels.size() > MOST_LABELS) {
      found.add(new Violation("labels", "size", "They must be at most %d.".formatted(MOST_LABELS)));
    }
    labels.forEach(label -> line(found, "labels", label, LONGEST_LABEL));
  }

  private static void owner(List<Violation> found, TaskOwner owner) {
    id(found, "user_id", owner.userId(), LONGEST_USER);
    id(found, "execution_id", owner.executionId(), LONGEST_ID);
    id(found, "squad_id", owner.squadId(), LONGEST_ID);
    id(found, "agent_id", owner.agentId(), LONGEST_ID);
    if (owner.sessionId() != null && !UUID_TEXT.matcher(owner.sessionId()).matches()) {
      found.add(new Violation("session_id", "pattern", "It must be a UUID in lower case."));
    }
  }

  /// Of an agent that a task is assigned to.
  static List<Violation> violations(@Nullable String agentId) {
    var found = new ArrayList<Violation>();
    id(found, "agent_id", agentId, LONGEST_ID);
    return found;
  }

  private static void id(List<Violation> found, String field, @Nullable String id, int longest) {
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

  private static void line(
      List<Violation> found, String field, @Nullable String text, int longest) {
    if (text != null
        && (text.isBlank()
            || text.codePointCount(0, text.length()) > longest
            || !isStorable(text)
            || text.chars().anyMatch(Character::isISOControl))) {
      found.add(
          new Violation(
              field, "size", "It must be one line of 1 to %d characters.".formatted(longest)));
    }
  }

  private static void text(List<Violation> found, String field, @Nullable String text, int most) {
    if (text == null) {
      return;
    }
    if (!isStorable(text)) {
      found.add(new Violation(field, "characters", "It must be text without NUL."));
    }
    if (bytes(text) > most) {
      found.add(tooLong(field, most));
    }
  }

  private static void seconds(List<Violation> found, String field, int seconds) {
    if (seconds < 1 || seconds > LONGEST_SECONDS) {
      found.add(new Violation(field, "range", "It must be 1 to %d.".formatted(LONGEST_SECONDS)));
    }
  }

  private static Violation tooLong(String field, int most) {
    return new Violation(field, "size", "It must be at most %d KiB.".formatted(most / KIB));
  }

  private static int bytes(String text) {
    return text.codePoints().map(TaskSpecRules::bytes).sum();
  }

  /// Of a code point in UTF-8.
  private static int bytes(int c) {
    if (c < 0x80) {
      return 1;
    }
    return c < 0x800 ? 2 : c < 0x10000 ? 3 : 4;
  }

  /// Whether Postgres keeps the text as it is: it has no NUL, and UTF-8 has no half of a pair.
  private static boolean isStorable(String text) {
    return text.codePoints().allMatch(c -> c != 0 && (c < 0xD800 || c > 0xDFFF));
  }
}
