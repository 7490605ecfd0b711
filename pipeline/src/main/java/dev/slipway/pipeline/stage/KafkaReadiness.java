package dev.slipway.pipeline.stage;

import dev.slipway.pipeline.observability.ReadinessCheck;
import java.time.Duration;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.DescribeClusterOptions;
import reactor.core.publisher.Mono;

/// Whether the brokers that stages read from answer.
final class KafkaReadiness implements ReadinessCheck, AutoCloseable {
  private static final int PATIENCE_MS = 1_500;

  private final Admin admin;

  KafkaReadiness(Map<String, Object> settings) {
    this.admin = Admin.create(settings);
  }

  @Override
  public Part part() {
    return Part.KAFKA;
  }

  @Override
  public Mono<Boolean> isUp() {
    return Mono.fromCompletionStage(() ->
            admin
                .describeCluster(new DescribeClusterOptions().timeoutMs(PATIENCE_MS))
                .nodes()
                .toCompletionStage())
        .map(nodes -> !nodes.isEmpty());
  }

  @Override
  public void close() {
    admin.close(Duration.ofSeconds(1));
  }
}
