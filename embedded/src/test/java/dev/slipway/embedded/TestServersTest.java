package dev.slipway.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;

class TestServersTest {
  @Test
  void runInContainersWhereTheyAreAskedForAndAnEngineAnswers() {
    assertThat(TestServers.choose(true, () -> true)).isEqualTo(TestServers.CONTAINERS);
  }

  @Test
  void runNowhereWhereContainersAreAskedForAndNoEngineAnswers() {
    assertThat(TestServers.choose(true, () -> false)).isEqualTo(TestServers.NOWHERE);
  }

  @Test
  void areEmbeddedWithoutLookingForAnEngineWhereNobodyAsksForContainers() {
    assertThat(
            TestServers.choose(
                false,
                () -> {
                  throw new AssertionError("looked for an engine");
                }))
        .isEqualTo(TestServers.EMBEDDED);
  }

  @Test
  void containersAreOfTheImagesThatComposeRuns() throws IOException {
    assertThat(Files.readString(Path.of("../docker-compose.yml")))
        .contains("image: " + ContainerServers.KAFKA_IMAGE + "\n")
        .contains("image: " + ContainerServers.POSTGRES_IMAGE + "\n");
  }

  @Test
  void aContainersBrokerIsToldItsSettingsInTheNamesOfItsImage() {
    assertThat(ContainerServers.environment(Map.of("message.max.bytes", 7, "log.dirs", "/data")))
        .isEqualTo(Map.of("KAFKA_MESSAGE_MAX_BYTES", "7", "KAFKA_LOG_DIRS", "/data"));
  }
}
