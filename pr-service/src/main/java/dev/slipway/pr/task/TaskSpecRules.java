package dev.slipway.pr.task;

import dev.slipway.pipeline.core.BranchName;
import dev.slipway.pipeline.core.FieldRules;
import dev.slipway.pipeline.core.RepositoryUrl;
import dev.slipway.pipeline.core.Violation;
import java.util.ArrayList;
import java.util.List;
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

  private TaskSpecRules() {}

  /// The address of a repository that a task can be for.
  static boolean isRepository(String url) {
    return RepositoryUrl.parse(url).filter(RepositoryUrl::isNamed).isPresent();
  }

  /// What is wrong with a task; empty when nothing is. Whether its repository may be spoken to is
  /// for others to say.
  static List<Violation> violations(TaskSpec spec, TaskOwner owner) {
    var found = new ArrayList<Violation>();
    line(found, "title", spec.title(), LONGEST_TITLE);
    FieldRules.text(found, "description", spec.description(), MOST_TEXT_BYTES);
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
    FieldRules.template(found, spec.template());
    seconds(found, "timeout_seconds", spec.timeoutSeconds());
    if (spec.sandboxSeconds() != null) {
      seconds(found, "sandbox_seconds", spec.sandboxSeconds());
    }
    labels(found, spec.labels());
    line(found, "pull_request.title", spec.pullRequest().title(), LONGEST_TITLE);
    FieldRules.text(found, "pull_request.body", spec.pullRequest().body(), MOST_TEXT_BYTES);
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
        FieldRules.text(found, "runner.commands", String.join("\n", commands), MOST_COMMANDS_BYTES);
      }
      case Runner.Cli cli -> {
        command(found, "runner.command_line", cli.commandLine());
        FieldRules.environment(
            found, "runner.environment", cli.environment(), MOST_ENVIRONMENT_BYTES);
        FieldRules.text(found, "runner.prompt", cli.prompt(), MOST_PROMPT_BYTES);
      }
    }
  }

  private static void command(List<Violation> found, String field, String command) {
    if (command.isBlank()) {
      found.add(new Violation(field, "size", "It must not be blank."));
    }
    FieldRules.text(found, field, command, MOST_COMMAND_BYTES);
  }

  private static void labels(List<Violation> found, List<String> labels) {
    if (labels.size() > MOST_LABELS) {
      found.add(new Violation("labels", "size", "They must be at most %d.".formatted(MOST_LABELS)));
    }
    labels.forEach(label -> line(found, "labels", label, LONGEST_LABEL));
  }

  private static void owner(List<Violation> found, TaskOwner owner) {
    FieldRules.id(found, "user_id", owner.userId(), LONGEST_USER);
    FieldRules.id(found, "execution_id", owner.executionId(), LONGEST_ID);
    FieldRules.id(found, "squad_id", owner.squadId(), LONGEST_ID);
    FieldRules.id(found, "agent_id", owner.agentId(), LONGEST_ID);
    FieldRules.uuid(found, "session_id", owner.sessionId());
  }

  /// Of an agent that a task is assigned to.
  static List<Violation> violations(@Nullable String agentId) {
    var found = new ArrayList<Violation>();
    FieldRules.id(found, "agent_id", agentId, LONGEST_ID);
    return found;
  }

  private static void line(
      List<Violation> found, String field, @Nullable String text, int longest) {
    if (text != null
        && (text.isBlank()
            || text.codePointCount(0, text.length()) > longest
            || !FieldRules.isStorable(text)
            || text.chars().anyMatch(Character::isISOControl))) {
      found.add(
          new Violation(
              field, "size", "It must be one line of 1 to %d characters.".formatted(longest)));
    }
  }

  private static void seconds(List<Violation> found, String field, int seconds) {
    if (seconds < 1 || seconds > LONGEST_SECONDS) {
      found.add(new Violation(field, "range", "It must be 1 to %d.".formatted(LONGEST_SECONDS)));
    }
  }
}
