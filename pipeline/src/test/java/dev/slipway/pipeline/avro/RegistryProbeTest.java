package dev.slipway.pipeline.avro;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.pipeline.avro.RegistryProbe.Answer;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RegistryProbeTest {
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private final FakeRegistry registry = new FakeRegistry();

  @AfterEach
  void close() {
    registry.close();
  }

  @ParameterizedTest
  @CsvSource({
    "200, GIVEN",
    "404, GIVEN", // another make, which does not know what we ask, is there all the same
    "401, REFUSED",
    "403, REFUSED",
    "500, NONE",
    "503, NONE",
    "-1, NONE" // stopped: it takes the connection and never answers
  })
  void whatARegistryAnswersTellsWhetherItIsThere(int status, Answer expected) {
    registry.fault = status;

    assertThat(ask(registry.url())).isEqualTo(expected);
  }

  @Test
  void aRegistryThatIsGoneDoesNotAnswer() {
    registry.close();

    assertThat(ask(registry.url())).isEqualTo(Answer.NONE);
  }

  @Test
  void ofSeveralAddressesOneMustAnswer() {
    registry.fault = 200;

    assertThat(ask("http://127.0.0.1:1," + registry.url())).isEqualTo(Answer.GIVEN);
    assertThat(ask(registry.url() + ",http://127.0.0.1:1")).isEqualTo(Answer.GIVEN);
  }

  @Test
  void itIsAskedWithTheCredentialsThatWritersHave() {
    registry.fault = 200;

    assertThat(ask(registry.url().replace("http://", "http://slipway:secret@")))
        .isEqualTo(Answer.GIVEN);

    assertThat(registry.authorizations).containsExactly("Basic c2xpcHdheTpzZWNyZXQ=");
  }

  private static Answer ask(String urls) {
    try (var probe = new RegistryProbe(Map.of("schema.registry.url", urls))) {
      return probe.ask().blockOptional(PATIENCE).orElseThrow();
    }
  }
}
