package dev.slipway.pr;

import dev.slipway.pipeline.core.AggregateId;
import dev.slipway.pipeline.core.Decider;
import dev.slipway.pipeline.core.Decision;
import dev.slipway.pipeline.core.Numbered;
import dev.slipway.pipeline.database.DatabaseProperties;
import dev.slipway.pipeline.disk.DiskSpace;
import dev.slipway.pipeline.kafka.KafkaClients;
import dev.slipway.pipeline.observability.ReadinessCheck;
import dev.slipway.pipeline.observability.Traces;
import dev.slipway.pipeline.publish.Publisher;
import dev.slipway.pipeline.publish.Relays;
import dev.slipway.pipeline.stage.EventCodec;
import dev.slipway.pipeline.stage.Input;
import dev.slipway.pipeline.stage.ServiceSchema;
import dev.slipway.pipeline.stage.Stage;
import dev.slipway.pipeline.stage.StageProperties;
import dev.slipway.pipeline.stage.StageRunner;
import dev.slipway.pipeline.stage.Table;
import dev.slipway.schemas.Topic;
import io.micrometer.core.instrument.MeterRegistry;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;

/// Another service with a database, in one context with pr-service.
@Configuration(proxyBeanMethods = false)
@Import(PrServiceConfiguration.class)
class SecondService {
  static final String SCHEMA = "second";
  static final Topic COMMANDS = topic("second.commands", false);
  static final Topic EVENTS = topic("second.events", false);
  static final Topic RELAY = topic("second.relay", true);
  static final Topic DEAD_LETTERS = topic("second.counters.dlt", false);
  static final List<Topic> TOPICS = List.of(COMMANDS, EVENTS, RELAY, DEAD_LETTERS);

  private static Topic topic(String name, boolean compacted) {
    return new Topic(name, "a name", "text", 1, Optional.empty(), compacted, 1_048_576, false);
  }

  @Bean
  @Qualifier(SCHEMA)
  ServiceSchema secondSchema(DatabaseProperties properties, DiskSpace disk) {
    return ServiceSchema.of(SCHEMA, properties, disk);
  }

  @Bean
  Publisher secondRelay(
      @Qualifier(SCHEMA) ServiceSchema schema, Relays relays, StageProperties stages) {
    return relays.relay(
        SCHEMA,
        RELAY,
        schema.database(),
        schema.wakeup(),
        (_, _, _, _) -> Optional.empty(),
        stages.membership());
  }

  @Bean
  StageRunner<Long, Long, Long> secondStage(
      @Qualifier(SCHEMA) ServiceSchema schema,
      KafkaClients clients,
      StageProperties properties,
      MeterRegistry meters,
      Traces traces) {
    Table<Long, Long, Long> table =
        Table.of("counter", "name", "text", total -> Long.toString(total), Long::valueOf);
    return new StageRunner<>(
        Stage.named("second.counters", new Counting(), table)
            .reads(
                COMMANDS,
                (record, _) ->
                    Optional.of(
                        Input.to(
                            "default", text(record.key()), Long.valueOf(text(record.value())))))
            .publishes(new CountingCodec())
            .deadLetters(DEAD_LETTERS),
        schema,
        clients,
        properties,
        meters,
        traces,
        Clock.systemUTC());
  }

  @Bean
  ReadinessCheck secondReadiness(@Qualifier(SCHEMA) ServiceSchema schema) {
    return schema.readiness();
  }

  private static String text(byte[] bytes) {
    return new String(bytes, StandardCharsets.UTF_8);
  }

  private static final class Counting implements Decider<Long, Long, Long> {
    @Override
    public Long initial() {
      return 0L;
    }

    @Override
    public Decision<Long> decide(Long total, Long more) {
      return Decision.of(more);
    }

    @Override
    public Long evolve(Long total, Numbered<Long> more) {
      return total + more.event();
    }
  }

  private static final class CountingCodec implements EventCodec<Long, Long> {
    @Override
    public Topic topic() {
      return EVENTS;
    }

    @Override
    public String source() {
      return SCHEMA;
    }

    @Override
    public String type(Long event) {
      return "second.counted";
    }

    @Override
    public byte[] encode(AggregateId id, Long after, Numbered<Long> event) {
      return Long.toString(after).getBytes(StandardCharsets.UTF_8);
    }
  }
}
