package dev.slipway.standalone.acceptance;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

@Tag("slow")
@ExtendWith(SharedInstallation.class)
class CommandLineIT {

  @Test
  void tokenPrintsJustAToken(Slipway slipway) {
    CommandResult result =
        slipway.command(
            "token",
            "--tenant",
            "acme",
            "--sub",
            "dev",
            "--scope",
            "tasks",
            "--scope",
            "events",
            "--ttl",
            "PT5M");

    String printed = result.succeeded();
    assertThat(printed).matches("[\\w-]+\\.[\\w-]+\\.[\\w-]+\\R");
    String[] parts = printed.strip().split("\\.", -1);
    assertThat(decoded(parts[0]).path("typ").asString()).isEqualTo("at+jwt");
    JsonNode claims = decoded(parts[1]);
    assertThat(claims.path("tenant").asString()).isEqualTo("acme");
    assertThat(claims.path("sub").asString()).isEqualTo("dev");
    assertThat(claims.path("exp").asLong() - claims.path("iat").asLong()).isEqualTo(300);
    slipway.api().as(printed.strip()).get("/api/v1/deliveries").is(200);
  }

  @Test
  void rotatedKeysAreNoticedByWhatRunsAndFormerTokensStayGood(Slipway slipway) {
    String former = slipway.token();
    slipway.api().get("/api/v1/deliveries").is(200);

    JsonNode report = slipway.command("keys", "rotate", "--json").exited(0).json();

    String fresh = slipway.token();
    assertThat(fresh).isNotEqualTo(former);
    String header = decoded(fresh.split("\\.", -1)[0]).path("kid").asString();
    assertThat(report.path("key_id").asString()).isEqualTo(header);
    slipway.api().as(fresh).get("/api/v1/deliveries").is(200);
    slipway.api().as(former).get("/api/v1/deliveries").is(200);
  }

  @Test
  void topicsListNamesEachTopicForPeopleAndAsJson(Slipway slipway) {
    String table = slipway.command("topics", "list").succeeded();
    JsonNode json = slipway.command("topics", "list", "--json").exited(0).json();

    assertThat(table).contains(Log.DELIVERIES, Log.DEAD_LETTERS);
    JsonNode items = json.isArray() ? json : json.path("items");
    assertThat(items).extracting(topic -> topic.path("name").asString()).contains(Log.DELIVERIES);
    assertThat(items)
        .allSatisfy(topic -> assertThat(topic.path("partitions").asInt()).isPositive());
  }

  @Test
  void topicsApplyFindsNothingToDoWhereAllIsThere(Slipway slipway) {
    String before = slipway.log().ends(Log.DELIVERIES).toString();

    JsonNode report = slipway.command("topics", "apply", "--json").exited(0).json();

    assertThat(report.isObject() || report.isArray()).isTrue();
    assertThat(slipway.log().ends(Log.DELIVERIES).toString()).isEqualTo(before);
  }

  @Test
  void replayIsReportedForPeopleAndAsJson(Slipway slipway) {
    slipway.sender().send(Webhook.json("ping", "{}")).is(202);
    slipway.awaitCaughtUp(Duration.ofSeconds(10));
    long records = slipway.log().size(Log.DELIVERIES);

    JsonNode report =
        slipway.command("replay", "--stage", "pr-service.deliveries", "--json").exited(0).json();
    String table = slipway.command("replay", "--stage", "pr-service").succeeded();

    assertThat(report.path("seen").asLong()).isEqualTo(records);
    assertThat(report.path("known").asLong()).isEqualTo(records);
    assertThat(table).contains("known", Long.toString(records));
  }

  @Test
  void helpNamesTheCommands(Slipway slipway) {
    for (List<String> arguments : List.of(List.of("help"), List.of("--help"))) {
      String help = slipway.plainCommand(arguments.toArray(String[]::new)).succeeded();
      assertThat(help).contains("up", "run", "test", "token", "topics", "replay", "bench");
    }
    assertThat(slipway.plainCommand("up", "--help").succeeded()).contains("--data-dir", "--port");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "launch",
        "up --no-such-option",
        "run",
        "run nothing",
        "token --scope nonsense",
        "token --ttl 31d",
        "topics",
        "topics burn",
        "replay",
        "bench",
        "bench nothing",
        "bench database --rounds 0",
        "bench ingress --turn 10ms",
        "up --port many"
      })
  void whatCannotBeUnderstoodEndsWithTwo(String line, Slipway slipway) {
    CommandResult result = slipway.plainCommand(line.split(" ", -1)).exited(2);

    assertThat(result.out()).isEmpty();
    assertThat(result.err()).isNotBlank().doesNotContain("\tat ");
  }

  @Test
  void anUnreachableInstallationEndsWithFour(Slipway slipway) {
    String nowhere = "http://127.0.0.1:" + Ports.one();

    CommandResult result =
        slipway.command("replay", "--stage", "pr-service", "--url", nowhere).exited(4);

    assertThat(result.out()).isEmpty();
    assertThat(result.err()).contains(nowhere).doesNotContain("\tat ");
  }

  @Test
  void aStageNobodyKnowsEndsWithOneOrTwoAndIsNamed(Slipway slipway) {
    CommandResult result = slipway.command("replay", "--stage", "no-such-stage");

    assertThat(result.exit()).isIn(1, 2);
    assertThat(result.err()).contains("no-such-stage").doesNotContain("\tat ");
  }

  @Test
  void aSecretThatIsFoundOpenIsMadePrivateAndThatIsSaidOnTheTerminal(Slipway slipway)
      throws IOException {
    Path token = slipway.data().resolve("token");
    Files.setPosixFilePermissions(token, PosixFilePermissions.fromString("rw-r--r--"));

    CommandResult result = slipway.command("replay", "--stage", "pr-service").exited(0);

    assertThat(result.err()).contains("slipway: warning: ", token.toString(), "rw-r--r--");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(token)))
        .isEqualTo("rw-------");
  }

  private static JsonNode decoded(String part) {
    return JsonMapper.shared().readTree(new String(Base64.getUrlDecoder().decode(part), UTF_8));
  }
}
