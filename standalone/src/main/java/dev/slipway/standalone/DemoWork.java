package dev.slipway.standalone;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// What the demo has done: a small program learns to greet in more languages, one a task.
///
/// @param title of the task
/// @param description of the task, and of its pull request
/// @param commands that do it
record DemoWork(String title, String description, List<String> commands) {
  private static final List<List<String>> LANGUAGES =
      List.of(
          List.of("fr", "French", "Bonjour"),
          List.of("de", "German", "Guten Tag"),
          List.of("es", "Spanish", "Hola"),
          List.of("it", "Italian", "Buongiorno"),
          List.of("pt", "Portuguese", "Olá"),
          List.of("nl", "Dutch", "Goedendag"),
          List.of("pl", "Polish", "Dzień dobry"),
          List.of("sv", "Swedish", "God dag"));

  DemoWork {
    commands = List.copyOf(commands);
  }

  /// What the repository begins with.
  static Map<String, String> files() {
    Map<String, String> files = new LinkedHashMap<>();
    files.put(".gitignore", "__pycache__/\n");
    files.put("greeting.en", "Hello, {}!\n");
    files.put(
        "greet.py",
        """
        import pathlib


        def languages():
            return sorted(path.suffix[1:] for path in pathlib.Path(__file__).parent.glob("greeting.*"))


        def greet(name, language):
            template = (pathlib.Path(__file__).parent / f"greeting.{language}").read_text()
            return template.strip().format(name)
        """);
    files.put(
        "test_greet.py",
        """
        import unittest

        import greet


        class GreetTest(unittest.TestCase):
            def test_everybody_is_greeted_by_name(self):
                for language in greet.languages():
                    print(greet.greet("Ada", language))
                    self.assertIn("Ada", greet.greet("Ada", language))
        """);
    return files;
  }

  private static List<String> language(int number) {
    return number < LANGUAGES.size()
        ? LANGUAGES.get(number)
        : List.of("x" + number, "language " + number, "Greetings " + number);
  }

  /// The work of a task in a repository of which nothing is known: a file of its own.
  ///
  /// @param number counts from 0
  /// @param run tells it from that of an earlier demo
  static DemoWork anywhere(int number, String run) {
    List<String> known = language(number);
    String file = "slipway-demo/%s-%s".formatted(run, known.get(0));
    return new DemoWork(
        "Greet in " + known.get(1),
        "A demo of Slipway: nothing is lost if this is not merged.",
        List.of(
            "mkdir -p slipway-demo && printf '%s!\\n' '" + known.get(2) + "' > " + file,
            "git status --short && cat " + file));
  }

  /// The work of a task: no two change the same file.
  ///
  /// @param number counts from 0
  static DemoWork of(int number) {
    List<String> known = language(number);
    String file = "greeting." + known.get(0);
    return new DemoWork(
        "Greet in " + known.get(1),
        "So that people who speak it are greeted, too.",
        List.of(
            "printf '%s, {}!\\n' '" + known.get(2) + "' > " + file + " && cat " + file,
            "python3 -B -m unittest -v"));
  }

  /// The task as the API takes it.
  Map<String, Object> request(String repositoryUrl, String execution) {
    Map<String, Object> request = new LinkedHashMap<>();
    request.put("title", title);
    request.put("description", description);
    request.put("repository_url", repositoryUrl);
    request.put("runner", Map.of("type", "commands", "commands", commands));
    request.put("execution_id", execution);
    request.put("start", true);
    return request;
  }
}
