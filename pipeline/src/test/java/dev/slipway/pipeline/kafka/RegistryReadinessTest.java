package dev.slipway.pipeline.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.sun.net.httpserver.HttpServer;
import dev.slipway.pipeline.avro.AvroSerializer;
import dev.slipway.pipeline.error.RetryableException;
import dev.slipway.pipeline.observability.ReadinessCheck.Finding;
import dev.slipway.pipeline.observability.ReadinessCheck.Status;
import dev.slipway.schemas.context.Context;
import dev.slipway.schemas.publisher.Checkpoint;
import dev.slipway.schemas.publisher.RowsPublished;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.avro.specific.SpecificRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// The serdes of a process know which schemas are in use; the registry need not be there for those.
class RegistryReadinessTest {
  private final HttpServer registry;
  private final KafkaClients clients;

  RegistryReadinessTest() throws IOException {
    registry = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    registry.createContext(
        "/",
        exchange -> {
          exchange.sendResponseHeaders(200, 0);
          exchange.getResponseBody().write("{\"id\":1}".getBytes(UTF_8));
          exchange.close();
        });
    clients =
        new KafkaClients(
            new KafkaProperties("127.0.0.1:1", "", Map.of()),
            new SchemaRegistryProperties(
                "http://127.0.0.1:" + registry.getAddress().getPort(), true, Map.of()));
  }

  @BeforeEach
  void start() {
    registry.start();
  }

  @AfterEach
  void stop() {
    registry.stop(0);
  }

  @Test
  void aRegistryThatAnswersIsUp() {
    assertThat(look()).isEqualTo(Finding.up());
  }

  @Test
  void aDeadRegistryWithNoSchemaKnownYetIsDown() {
    registry.stop(0);

    assertThat(look().status()).isEqualTo(Status.DOWN);
    assertThat(look().detail()).contains("start it").contains("wait for a schema");
  }

  @Test
  void aDeadRegistryIsDegradedUntilASchemaIsWantedThatNobodyKnows() {
    var checkpoint = new Checkpoint(new RowsPublished(List.of(1L), List.of(), List.of()));
    serialize(checkpoint);
    registry.stop(0);

    assertThat(look().status()).isEqualTo(Status.DEGRADED);
    assertThat(look().detail()).contains("start it").contains("work goes on");

    assertThatExceptionOfType(RetryableException.class)
        .isThrownBy(() -> serialize(Context.newBuilder().setTenant("acme").build()));

    assertThat(look().status()).isEqualTo(Status.DOWN);
  }

  private <T extends SpecificRecord> void serialize(T record) {
    try (var serializer = new AvroSerializer<T>()) {
      serializer.configure(clients.serde(), false);
      assertThat(serializer.serialize("topic", record)).isNotEmpty();
    }
  }

  private Finding look() {
    try (var readiness = new RegistryReadiness(clients.serde(), clients.schemas())) {
      return readiness.look().blockOptional(Duration.ofSeconds(10)).orElseThrow();
    }
  }
}
