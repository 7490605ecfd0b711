package dev.slipway.standalone;

import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/// What the demo tells: what it does, and how to do it oneself.
///
/// @param silent whether it tells nothing
/// @param dataDir where tokens are
/// @param installation where Slipway's API is
/// @param gitHub where GitHub's is
record DemoTelling(Screen screen, boolean silent, Path dataDir, URI installation, String gitHub) {
  private static final Pattern PLAIN = Pattern.compile("[A-Za-z0-9_./:@=+,-]+");
  private static final int MOST_DIFF_LINES = 80;

  void heading(String text) {
    tell("");
    tell(screen.ink().strong(text));
  }

  void line(String text) {
    tell("  " + HarmlessWriter.escaped(text));
  }

  void lines(List<String> lines) {
    if (!silent) {
      screen.lines(lines);
    }
  }

  /// The same on the command line.
  void command(String... words) {
    boolean usual = dataDir.equals(Path.of(".slipway"));
    Stream<String> where = usual ? Stream.of() : Stream.of("--data-dir", dataDir.toString());
    hint(
        "./slipway "
            + Stream.concat(Stream.of(words), where)
                .map(DemoTelling::quoted)
                .collect(Collectors.joining(" ")));
  }

  /// The same with curl.
  void call(String method, String path, @Nullable Object body) {
    curl(method, installation.resolve(path).toString(), "authorization", body);
  }

  /// What people do on GitHub, with curl.
  void onGitHub(String method, String path, @Nullable Object body) {
    curl(method, gitHub + path, "github-authorization", body);
  }

  private void curl(String method, String url, String authorization, @Nullable Object body) {
    boolean implied = method.equals(body == null ? "GET" : "POST");
    hint(
        "curl -s %s%s -H @%s%s"
            .formatted(
                implied ? "" : "-X " + method + " ",
                quoted(url),
                quoted(dataDir.resolve(authorization).toString()),
                body == null
                    ? ""
                    : " -H 'Content-Type: application/json' -d "
                        + quoted(JsonMapper.shared().writeValueAsString(body))));
  }

  /// How the files come to be that the lines of curl name.
  ///
  /// @param ownGitHub whether GitHub's token is in the data directory, too
  void authorizations(boolean ownGitHub) {
    line("To do the same by hand, put tokens where curl finds them:");
    authorization("token", "authorization");
    if (ownGitHub) {
      authorization("github-token", "github-authorization");
    }
  }

  private void authorization(String token, String file) {
    hint(
        "printf 'Authorization: Bearer %%s\\n' \"$(cat %s)\" > %s"
            .formatted(
                quoted(dataDir.resolve(token).toString()),
                quoted(dataDir.resolve(file).toString())));
  }

  private void hint(String text) {
    tell(screen.ink().faint("  $ " + text));
  }

  void diff(String patch) {
    List<String> all = patch.lines().toList();
    all.stream().limit(MOST_DIFF_LINES).forEach(line -> tell("    " + painted(line)));
    if (all.size() > MOST_DIFF_LINES) {
      line("… %d lines more".formatted(all.size() - MOST_DIFF_LINES));
    }
  }

  private String painted(String line) {
    if (line.startsWith("+")) {
      return screen.ink().good(line);
    }
    return line.startsWith("-") ? screen.ink().bad(line) : screen.ink().faint(line);
  }

  /// One word of a shell's line.
  static String quoted(String word) {
    return PLAIN.matcher(word).matches() ? word : "'" + word.replace("'", "'\\''") + "'";
  }

  private void tell(String line) {
    if (!silent) {
      screen.line(line);
    }
  }
}
