package dev.slipway.pipeline.avro;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.slipway.pipeline.error.PermanentException;
import dev.slipway.pipeline.error.RetryableException;
import dev.slipway.schemas.github.Delivery;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class KnownSchemasTest {
  private final FakeRegistry registry = new FakeRegistry();
  private final AtomicLong nanos = new AtomicLong();
  private final KnownSchemas known = new KnownSchemas(10, nanos::get);

  @AfterEach
  void close() {
    registry.close();
  }

  @Test
  void beforeTheFirstAnswerNothingIsKnown() {
    assertThat(known.areAll()).isFalse();

    try (SchemaRegistry schemas = schemas()) {
      assertThat(schemas.idOf("a-value", Delivery.getClassSchema())).isPositive();
    }

    assertThat(known.areAll()).isTrue();
  }

  @Test
  void whoeverWaitsForASchemaIsWaitedForUntilItIsThere() {
    int id = registeredByAnotherProcess();
    try (SchemaRegistry schemas = schemas()) {
      registry.fault = 500;
      assertThatExceptionOfType(RetryableException.class).isThrownBy(() -> schemas.byId(id));
      assertThat(known.areAll()).isFalse();
      registry.fault = 0;
    }

    try (SchemaRegistry another = schemas()) { // which has not failed a moment ago
      assertThat(another.byId(id)).isEqualTo(Delivery.getClassSchema());
    }

    assertThat(known.areAll()).isTrue();
  }

  @Test
  void aRefusalIsAnAnswer() {
    try (SchemaRegistry schemas = schemas()) {
      assertThatExceptionOfType(PermanentException.class).isThrownBy(() -> schemas.byId(999));
    }

    assertThat(known.areAll()).isTrue();
  }

  @Test
  void whatNobodyAsksForAnyMoreIsNotWaitedFor() {
    known.answered("one");
    known.asks("another");
    nanos.addAndGet(Duration.ofSeconds(29).toNanos());
    assertThat(known.areAll()).isFalse();

    nanos.addAndGet(Duration.ofSeconds(2).toNanos());

    assertThat(known.areAll()).isTrue();
  }

  @Test
  void whatOneSerdeHasRegisteredAllCanReadWhileTheRegistryIsAway() {
    int id;
    try (SchemaRegistry writer = schemas()) {
      id = writer.idOf("a-value", Delivery.getClassSchema());
    }
    registry.fault = 500;

    try (SchemaRegistry reader = schemas()) {
      assertThat(reader.byId(id)).isEqualTo(Delivery.getClassSchema());
      assertThat(reader.idOf("a-value", Delivery.getClassSchema())).isEqualTo(id);
    }

    assertThat(known.areAll()).isTrue();
  }

  private int registeredByAnotherProcess() {
    try (SchemaRegistry another =
        new SchemaRegistry(RegistrySettings.from(Map.of("schema.registry.url", registry.url())))) {
      return another.idOf("a-value", Delivery.getClassSchema());
    }
  }

  private SchemaRegistry schemas() {
    return new SchemaRegistry(
        RegistrySettings.from(
            Map.of("schema.registry.url", registry.url(), KnownSchemas.SETTING, known)));
  }
}
