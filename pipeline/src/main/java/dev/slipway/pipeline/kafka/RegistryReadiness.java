package dev.slipway.pipeline.kafka;

import dev.slipway.pipeline.avro.KnownSchemas;
import dev.slipway.pipeline.avro.RegistryProbe;
import dev.slipway.pipeline.avro.RegistryProbe.Answer;
import dev.slipway.pipeline.observability.ReadinessCheck.Finding;
import java.util.Map;
import reactor.core.publisher.Mono;

/// Whether the schema registry answers, and if not, whether work goes on without it.
final class RegistryReadiness implements AutoCloseable {
  static final String REMEDY =
      "The schema registry does not answer: start it, or check SCHEMA_REGISTRY_URL.";

  private final RegistryProbe probe;
  private final KnownSchemas schemas;

  /// @param settings of the serde
  /// @param schemas what the serdes of this process know
  RegistryReadiness(Map<String, ?> settings, KnownSchemas schemas) {
    this.probe = new RegistryProbe(settings);
    this.schemas = schemas;
  }

  Mono<Finding> look() {
    return probe.ask().map(this::finding);
  }

  private Finding finding(Answer answer) {
    return switch (answer) {
      case GIVEN -> Finding.up();
      case NONE -> away(REMEDY);
      case REFUSED ->
          away("The schema registry wants other credentials: check SCHEMA_REGISTRY_URL.");
    };
  }

  private Finding away(String what) {
    return schemas.areAll()
        ? Finding.degraded(what + " Every schema in use is known, so that work goes on.")
        : Finding.down(what + " Records wait for a schema.");
  }

  @Override
  public void close() {
    probe.close();
  }
}
