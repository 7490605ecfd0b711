package dev.slipway.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

class SlipwayTest {
  @TempDir Path folder;

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "launch",
        "up --no-such-option",
        "up --port many",
        "up --port 70000",
        "run",
        "run nothing",
        "replay",
        "replay --stage s --apply",
        "rebuild --verify",
        "rebuild --stage s",
        "token --scope nonsense",
        "token --tenant ../x",
        "token --ttl soon",
        "token --ttl 0s",
        "topics",
        "topics burn",
        "watch --count 0"
      })
  void whatCannotBeUnderstoodEndsWithTwoAndPrintsNothing(String line) {
    int exit = run(Map.of(), line.isEmpty() ? List.of() : List.of(line.split(" ", -1)));

    assertThat(exit).isEqualTo(2);
    assertThat(out.toString()).isEmpty();
    assertThat(err.toString()).isNotBlank().doesNotContain("\tat ");
  }

  @ParameterizedTest
  @ValueSource(strings = {"help", "--help"})
  void helpNamesEveryCommand(String argument) {
    assertThat(run(Map.of(), List.of(argument))).isZero();
    assertThat(out.toString())
        .contains("up", "run", "replay", "rebuild", "test", "token", "topics", "watch", "help");
  }

  @Test
  void optionsOfAllCommandsStandBeforeAndAfterTheName() {
    assertThat(run(Map.of(), List.of("--json", "token", "--data-dir", folder.toString()))).isZero();
    assertThat(out.toString()).startsWith("{\"token\":\"");
  }

  @Test
  void tokenPrintsJustTheTokenAndMakesTheKeys() {
    int exit = run(Map.of(), List.of("token", "--scope", "tasks,events", "--ttl", "30m"));

    assertThat(exit).isZero();
    assertThat(out.toString()).matches("[\\w-]+\\.[\\w-]+\\.[\\w-]+\\R");
    assertThat(folder.resolve("data/jwt-keys.json")).exists();
  }

  @Test
  void tokenOfAnIssuersInstallationIsNotOursToSign() {
    int exit = run(Map.of("SLIPWAY_OIDC_ISSUER", "https://issuer"), List.of("token"));

    assertThat(exit).isEqualTo(3);
    assertThat(err.toString()).contains("SLIPWAY_OIDC_ISSUER");
  }

  @Test
  void aCommandThatNeedsAnInstallationSaysSoWhenThereIsNone() {
    assertThat(run(Map.of(), List.of("replay", "--stage", "pr-service"))).isEqualTo(3);
    assertThat(err.toString()).contains("slipway up");
    assertThat(Files.exists(folder.resolve("data"))).isFalse();
  }

  @Test
  void anInstallationThatIsNotReachableEndsWithFourAndIsNamed() {
    int exit =
        run(
            Map.of(),
            List.of("replay", "--stage", "s", "--url", "http://127.0.0.1:1", "--token", "any"));

    assertThat(exit).isEqualTo(4);
    assertThat(err.toString()).contains("http://127.0.0.1:1").doesNotContain("\tat ");
  }

  @Test
  void aRebuildThatIsNotToBeVerifiedNamesTheRemedy() {
    assertThat(run(Map.of(), List.of("rebuild", "--stage", "pr-service"))).isEqualTo(2);
    assertThat(err.toString()).contains("add --verify");
  }

  private int run(Map<String, String> environment, List<String> arguments) {
    CommandLine command = Slipway.commandLine(environment, Clock.systemUTC());
    List<String> all = new ArrayList<>(arguments);
    if (arguments.stream().anyMatch(List.of("token", "replay", "rebuild")::contains)
        && !arguments.contains("--data-dir")) {
      all.addAll(List.of("--data-dir", folder.resolve("data").toString()));
    }
    return command
        .setOut(new PrintWriter(out, true))
        .setErr(new PrintWriter(err, true))
        .execute(all.toArray(String[]::new));
  }
}
