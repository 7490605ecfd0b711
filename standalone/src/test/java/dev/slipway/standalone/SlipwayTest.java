package dev.slipway.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.web.security.JwtKeys;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
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
        "token --ttl 31d",
        "token --ttl 876000h",
        "keys",
        "keys burn",
        "replay --stage s --since yesterday",
        "replay --stage s --since +999999999-12-31T23:59:59Z",
        "replay --stage s --token a --token-file b --url http://127.0.0.1:1",
        "replay --stage s --token a:b --url http://127.0.0.1:1",
        "topics",
        "topics burn",
        "dlt",
        "dlt show",
        "dlt show x --url http://127.0.0.1:1 --token a",
        "dlt list --stage a&b --url http://127.0.0.1:1 --token a",
        "dlt list --status ALIVE",
        "chaos --tasks 0",
        "chaos --merge 101",
        "chaos --at-once 0",
        "watch --count 0",
        "task",
        "task create --title t --url http://127.0.0.1:1 --token a",
        "task create --repository a/b --repositories f --title t --command c",
        "task create --repository a/b --title t --url http://127.0.0.1:1 --token a",
        "task create --repository a/b --title t --command c --cli d",
        "task create --repository a/b --title t --command c --prompt p",
        "task create --repository a/b --title t --command c --no-start --wait",
        "task create --repository a/b --title t --command c --timeout 0s",
        "task create --file /none",
        "task list --limit 0",
        "task show",
        "task show x --url http://127.0.0.1:1 --token a",
        "task cancel",
        "task watch",
        "task watch x --execution y",
        "task watch x --until never",
        "trace",
        "completion",
        "completion fish",
        "demo --tasks 0",
        "demo --github",
        "demo --github --repository acme/site",
        "demo --repository acme/site",
        "demo --e2b",
        "sandbox",
        "sandbox create --env A --url http://127.0.0.1:1 --token a",
        "sandbox create --timeout 0s --url http://127.0.0.1:1 --token a",
        "sandbox exec x",
        "sandbox exec x -c ls -- ls",
        "sandbox put a b --url http://127.0.0.1:1 --token a",
        "sandbox put - b: --url http://127.0.0.1:1 --token a",
        "sandbox get b --url http://127.0.0.1:1 --token a",
        "sandbox list --limit 0",
        "pr",
        "pr show acme/site",
        "pr show acme/site 0 --url http://127.0.0.1:1 --token a",
        "pr list --limit 0",
        "github",
        "github connect acme/site",
        "github connect site --webhook-url https://slipway.test/webhooks/github",
        "github connect acme/site --webhook-url ftp://slipway.test/",
        "delivery",
        "delivery show",
        "delivery list --number x"
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
        .contains(
            "up",
            "run",
            "replay",
            "sandbox",
            "task",
            "trace",
            "demo",
            "completion",
            "rebuild",
            "dlt",
            "test",
            "keys",
            "token",
            "topics",
            "watch",
            "pr",
            "delivery",
            "github",
            "help");
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
  void aTokenLivesNoLongerThanIsAllowed() {
    assertThat(run(Map.of(), List.of("token", "--ttl", "31d"))).isEqualTo(2);
    assertThat(err.toString()).contains("at most 30d", "SLIPWAY_MAX_TOKEN_LIFE");
    assertThat(run(Map.of(), List.of("token", "--ttl", "30d"))).isZero();

    Map<String, String> shorter = Map.of("SLIPWAY_MAX_TOKEN_LIFE", "90s");
    assertThat(run(shorter, List.of("token", "--ttl", "91s"))).isEqualTo(2);
    assertThat(err.toString()).contains("at most 90s");
    assertThat(run(shorter, List.of("token", "--ttl", "90s"))).isZero();
    assertThat(run(shorter, List.of("token"))).as("one hour unless less is allowed").isZero();
    assertThat(run(Map.of("SLIPWAY_MAX_TOKEN_LIFE", "long"), List.of("token"))).isEqualTo(2);
  }

  @Test
  void rotatedKeysSignAndTheTokenFollowsThem() throws IOException {
    assertThat(run(Map.of(), List.of("token"))).isZero();
    Path keys = folder.resolve("data/jwt-keys.json");
    String former = JwtKeys.load(keys).signingKeyId();
    String before = Files.readString(keys);

    assertThat(run(Map.of(), List.of("keys", "rotate", "--dry-run", "--json"))).isZero();
    assertThat(Files.readString(keys)).isEqualTo(before);
    assertThat(folder.resolve("data/token")).doesNotExist();
    assertThat(out.toString()).contains("\"dry_run\":true", former);
    out.getBuffer().setLength(0);

    assertThat(run(Map.of(), List.of("keys", "rotate", "--json"))).isZero();

    JwtKeys rotated = JwtKeys.load(keys);
    assertThat(out.toString()).contains("\"dry_run\":false", rotated.signingKeyId(), former);
    assertThat(rotated.former()).extracting(JwtKeys.Former::keyId).containsExactly(former);
    Path token = folder.resolve("data/token");
    assertThat(Files.readString(token)).matches("[A-Za-z0-9._-]+");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(token)))
        .isEqualTo("rw-------");
  }

  @Test
  void whereThereAreNoKeysNoneAreRotatedAndNothingIsMade() {
    assertThat(run(Map.of(), List.of("keys", "rotate"))).isEqualTo(3);
    assertThat(Files.exists(folder.resolve("data"))).isFalse();
    Map<String, String> issuer = Map.of("SLIPWAY_OIDC_ISSUER", "https://issuer");
    assertThat(run(issuer, List.of("keys", "rotate"))).isEqualTo(3);
    assertThat(err.toString()).contains("SLIPWAY_OIDC_ISSUER");
  }

  @Test
  void tokenOfAnIssuersInstallationIsNotOursToSign() {
    int exit = run(Map.of("SLIPWAY_OIDC_ISSUER", "https://issuer"), List.of("token"));

    assertThat(exit).isEqualTo(3);
    assertThat(err.toString()).contains("SLIPWAY_OIDC_ISSUER");
  }

  @Test
  void signingKeysThatEverybodyMayWriteEndWithThreeAndTheRemedy() throws IOException {
    Path keys = Files.writeString(folder.resolve("keys.json"), "{\"keys\":[]}");
    Files.setPosixFilePermissions(keys, PosixFilePermissions.fromString("rw-rw-rw-"));

    int exit = run(Map.of("SLIPWAY_JWT_KEYS", keys.toString()), List.of("token"));

    assertThat(exit).isEqualTo(3);
    assertThat(err.toString()).contains(keys.toString(), "chmod 600").doesNotContain("Exception");
  }

  @Test
  void aCommandThatNeedsAnInstallationSaysSoWhenThereIsNone() {
    assertThat(run(Map.of(), List.of("replay", "--stage", "pr-service"))).isEqualTo(3);
    assertThat(err.toString()).contains("slipway up");
    assertThat(Files.exists(folder.resolve("data"))).isFalse();
  }

  @Test
  void aRebuildNeedsToBeToldWhereTheServersAre() {
    assertThat(run(Map.of(), List.of("rebuild", "--stage", "pr-service", "--verify"))).isEqualTo(3);
    assertThat(err.toString()).contains("slipway up", "DATABASE_URL");
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
    CommandLine command =
        Slipway.commandLine(
            environment,
            Clock.systemUTC(),
            new PrintWriter(out, true),
            new PrintWriter(err, true),
            new StandardStreams(System.in, System.out, System.err));
    List<String> all = new ArrayList<>(arguments);
    if (arguments.stream().anyMatch(List.of("token", "replay", "rebuild", "keys")::contains)
        && !arguments.contains("--data-dir")) {
      all.addAll(List.of("--data-dir", folder.resolve("data").toString()));
    }
    return command.execute(all.toArray(String[]::new));
  }
}
