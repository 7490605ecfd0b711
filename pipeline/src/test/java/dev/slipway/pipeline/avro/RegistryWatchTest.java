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

class RegistryWatchTest {
  private final FakeRegistry registry = new FakeRegistry();
  private final AtomicLong nanos = new AtomicLong();
  private final RegistryWatch watch = new RegistryWatch(nanos::get);

  @AfterEach
  void close() {
    registry.close();
  }

  @Test
  void beforeTheFirstAnswerNothingIsKnown() {
    assertThat(watch.allKnown()).isFalse();

    try (SchemaRegistry schemas = schemas()) {
      assertThat(schemas.idOf("a-value", Delivery.getClassSchema())).isPositive();
    }

    assertThat(watch.allKnown()).isTrue();
  }

  @Test
  void whoeverWaitsForASchemaIsWaitedForUntilItIsThere() {
    try (SchemaRegistry schemas = schemas()) {
      int id = schemas.idOf("a-value", Delivery.getClassSchema());
      registry.fault = 500;
      assertThatExceptionOfType(RetryableException.class).isThrownBy(() -> schemas.byId(id));
      assertThat(watch.allKnown()).isFalse();
      registry.fault = 0;
    }

    try (SchemaRegistry another = schemas()) { // which has not failed a moment ago
      assertThat(another.byId(1)).isEqualTo(Delivery.getClassSchema());
    }

    assertThat(watch.allKnown()).isTrue();
  }

  @Test
  void aRefusalIsAnAnswer() {
    try (SchemaRegistry schemas = schemas()) {
      assertThatExceptionOfType(PermanentException.class).isThrownBy(() -> schemas.byId(999));
    }

    assertThat(watch.allKnown()).isTrue();
  }

  @Test
  void whatNobodyAsksForAnyMoreIsNotWaitedFor() {
    watch.answered("one");
    watch.asks("another");
    nanos.addAndGet(Duration.ofSeconds(29).toNanos());
    assertThat(watch.allKnown()).isFalse();

    nanos.addAndGet(Duration.ofSeconds(2).toNanos());

    assertThat(watch.allKnown()).isTrue();
  }

  private SchemaRegistry schemas() {
    return new SchemaRegistry(
        RegistrySettings.from(
            Map.of("schema.registry.url", registry.url(), RegistryWatch.SETTING, watch)));
  }
}
