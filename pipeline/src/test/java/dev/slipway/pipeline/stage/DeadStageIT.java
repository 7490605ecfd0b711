package dev.slipway.pipeline.stage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.slipway.pipeline.kafka.KafkaClients;
import dev.slipway.pipeline.web.TestService;
import org.junit.jupiter.api.Test;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;

/// What no record is to blame for and no waiting mends is told to whoever can restart the process.
class DeadStageIT {
  @Test
  void aProcessWhoseStageDiedIsNotAliveAndBuriesNothing() {
    try (TestService service = TestService.start(OneStage.class)) {
      LedgerWorld world = service.bean(LedgerWorld.class);
      world.log().tell(0, "a", 0, 5);
      world.awaitNext(0, 5);
      awaitAnswer(service, "/healthz", 200, "{\"status\":\"UP\"}");
      awaitAnswer(service, "/readyz", 200, "{\"status\":\"UP\"," + checks("UP", "{}") + "}");

      world.log().send(world.log().told(0, "a", 5, "error"));

      awaitAnswer(service, "/healthz", 503, "{\"status\":\"DOWN\"}");
      awaitAnswer(
          service,
          "/readyz",
          503,
          "{\"status\":\"DOWN\","
              + checks(
                  "DOWN",
                  "{\"stages\":\"Stage "
                      + LedgerStage.NAME
                      + " has died of an error that only a restart of the process mends.\"}")
              + "}");
      assertThat(service.bean(StageRunner.class).health()).isEqualTo(StageHealth.DEAD);
      assertThat(world.log().letters()).isEmpty();
      assertThat(world.progress(0).next()).isEqualTo(5);
    }
  }

  private static String checks(String stages, String details) {
    return ("\"checks\":{\"kafka\":\"NOT_USED\",\"registry\":\"NOT_USED\",\"database\":\"NOT_USED\","
            + "\"stages\":\"%s\",\"disk\":\"NOT_USED\"},\"details\":%s")
        .formatted(stages, details);
  }

  private static void awaitAnswer(TestService service, String path, int status, String body) {
    await()
        .atMost(LedgerWorld.PATIENCE)
        .untilAsserted(() ->
            service
                .anonymous()
                .get()
                .uri(path)
                .exchange()
                .expectStatus()
                .isEqualTo(status)
                .expectBody(String.class)
                .isEqualTo(body));
  }

  @Configuration(proxyBeanMethods = false)
  @Import(StageConfiguration.class)
  static class OneStage {
    @Bean
    LedgerWorld world() {
      return LedgerWorld.create();
    }

    @Bean
    KafkaClients clients(LedgerWorld world) {
      return world.clients();
    }

    @Bean
    StageRunner<?, ?, ?, ?> stage(LedgerWorld world) {
      return world.run(LedgerStage.adding());
    }
  }
}
