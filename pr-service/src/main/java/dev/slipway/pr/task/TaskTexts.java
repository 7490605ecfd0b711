package dev.slipway.pr.task;

import dev.slipway.pr.opening.Wish;
import dev.slipway.pr.task.TaskSpec.PullRequestTexts;
import dev.slipway.pr.task.TaskState.Asked;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// What a task writes for people: its commit and its pull request. Pure.
final class TaskTexts {
  private static final int LONGEST_TITLE = 256;
  private static final int LONGEST_BODY = 65_536;
  private static final int LONGEST_LABEL = 50;
  private static final Pattern PLACE =
      Pattern.compile("\\{\\{ *(title|description|task_id|execution_id) *}}");

  private static final Pattern SPACE = Pattern.compile("[\\s\\p{Cntrl}]+");

  private TaskTexts() {}

  /// The trailer is for people: anybody can write it.
  static String commitMessage(UUID task, TaskSpec spec) {
    return "%s\n\nSlipway-Task: %s\n".formatted(spec.title(), task);
  }

  /// The pull request that the task wants of a branch.
  static Wish wish(TaskState state, String branch) {
    TaskSpec spec = state.requireSpec();
    Asked asked = state.work().asked();
    PullRequestTexts own = spec.pullRequest();
    PullRequestTexts wanted = asked == null || asked.texts() == null ? own : asked.texts();
    List<String> labels = asked == null || asked.labels() == null ? spec.labels() : asked.labels();
    Map<String, String> values = values(state, spec);
    String title = line(first(wanted.title(), own.title(), spec.title()), values, LONGEST_TITLE);
    String body = first(wanted.body(), own.body(), spec.description(), "");
    return new Wish(
        spec.repositoryUrl(),
        branch,
        asked == null || asked.base() == null ? spec.baseBranch() : asked.base(),
        title.isEmpty() ? spec.title() : title,
        cut(filled(body, values), LONGEST_BODY),
        wanted.draft(),
        labels.stream()
            .map(label -> line(label, values, LONGEST_LABEL))
            .filter(label -> !label.isEmpty())
            .distinct()
            .toList());
  }

  private static String first(@Nullable String... texts) {
    for (String text : texts) {
      if (text != null) {
        return text;
      }
    }
    throw new IllegalStateException("the last one is there");
  }

  private static Map<String, String> values(TaskState state, TaskSpec spec) {
    return Map.of(
        "title",
        spec.title(),
        "description",
        spec.description() == null ? "" : spec.description(),
        "task_id",
        state.requireId().toString(),
        "execution_id",
        state.owner().executionId() == null ? "" : state.owner().executionId());
  }

  /// Whatever else is in double braces stays as it is: it may be meant for somebody else.
  private static String filled(String template, Map<String, String> values) {
    return PLACE
        .matcher(template)
        .replaceAll((MatchResult found) ->
            Matcher.quoteReplacement(values.getOrDefault(found.group(1), "")));
  }

  private static String line(String template, Map<String, String> values, int longest) {
    return cut(SPACE.matcher(filled(template, values)).replaceAll(" ").strip(), longest);
  }

  private static String cut(String text, int longest) {
    return text.codePointCount(0, text.length()) <= longest
        ? text
        : text.substring(0, text.offsetByCodePoints(0, longest));
  }

  /// Why a command that failed did, with the end of what it printed.
  static String commandFailed(int index, int of, int exitCode, @Nullable String tail) {
    String sentence =
        of == 1
            ? "The command ended with %d.".formatted(exitCode)
            : "Command %d of %d ended with %d.".formatted(index + 1, of, exitCode);
    return tail == null || tail.isBlank() ? sentence : sentence + "\n" + tail.stripTrailing();
  }
}
