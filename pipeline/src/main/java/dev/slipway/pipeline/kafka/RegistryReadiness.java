package dev.slipway.pipeline.kafka;

import dev.slipway.pipeline.avro.RegistryProbe;
import dev.slipway.pipeline.avro.RegistryProbe.Answer;
import dev.slipway.pipeline.avro.RegistryWatch;
import dev.slipway.pipeline.observability.ReadinessCheck.Finding;
import java.util.Map;
import reactor.core.publisher.Mono;

/// Whether the schema registry answers, and if not, whether work goes on without it.
final class RegistryReadiness implements AutoCloseable {
  static final String REMEDY =
      "The schema registry does not answer: start it, or check SCHEMA_REGISTRY_URL.";

  private final RegistryProbe probe;
  private final RegistryWatch watch;

  /// @param settings of the serde
  /// @param watch what the serdes of this process wait for
  RegistryReadiness(Map<String, ?> settings, RegistryWatch watch) {
    this.probe = new RegistryProbe(settings);
    this.watch = watch;
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
    return watch.allKnown()
        ? Finding.degraded(what + " Every schema in use is known, so that work goes on.")
        : Finding.down(what + " Records wait for a schema.");
  }

  @Override
  public void close() {
    probe.close();
  }
}
