package dev.slipway.pipeline.example;

import dev.slipway.pipeline.core.AggregateId;
import dev.slipway.pipeline.core.Numbered;
import dev.slipway.pipeline.error.PermanentException;
import dev.slipway.pipeline.example.Tally.Happened;
import dev.slipway.pipeline.example.Tally.TallyDecider;
import dev.slipway.pipeline.example.Tally.Told;
import dev.slipway.pipeline.kafka.CloudEvent;
import dev.slipway.pipeline.stage.EventCodec;
import dev.slipway.pipeline.stage.Input;
import dev.slipway.pipeline.stage.Stage;
import dev.slipway.pipeline.stage.Table;
import dev.slipway.schemas.Topic;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/// `example.tally`: commands in, events out.
final class TallyStage {
  static final Topic COMMANDS = topic("tally.commands");
  static final Topic EVENTS = topic("tally.events");
  static final Topic DEAD_LETTERS = topic("example.tally.dlt");

  private static final Table<Tally, Told, Happened> TABLE =
      Table.<Tally, Told, Happened>of(
              "tally",
              "name",
              "text",
              tally -> "{\"total\": %d}".formatted(tally.total()),
              json -> new Tally(Long.parseLong(json.replaceAll("\\D", ""))))
          .column("total", "bigint", tally -> Long.toString(tally.total()));

  private TallyStage() {}

  static Stage<Tally, Told, Happened> create() {
    return Stage.named("example.tally", new TallyDecider(), TABLE)
        .reads(COMMANDS, TallyStage::decode)
        .publishes(new TallyCodec())
        .deadLetters(DEAD_LETTERS);
  }

  private static Optional<Input<Told>> decode(
      ConsumerRecord<byte[], byte[]> record, CloudEvent envelope) {
    if (!envelope.type().equals("tally.count")) {
      return Optional.empty(); // a later build may know it
    }
    try {
      long more = Long.parseLong(text(record.value()));
      return Optional.of(Input.to("default", text(record.key()), new Told.Count(more)));
    } catch (NumberFormatException e) {
      throw new PermanentException("its value is no number", e);
    }
  }

  private static String text(byte[] bytes) {
    return new String(bytes, StandardCharsets.UTF_8);
  }

  private static Topic topic(String name) {
    return new Topic(name, "a name", "text", 2, Optional.empty(), false, 1_048_576, false);
  }

  /// A service's codec writes Avro with an `AvroSerializer`; this one writes text.
  private static final class TallyCodec implements EventCodec<Tally, Happened> {
    @Override
    public Topic topic() {
      return EVENTS;
    }

    @Override
    public String source() {
      return "example";
    }

    @Override
    public String type(Happened event) {
      return switch (event) {
        case Happened.Counted _ -> "tally.counted";
        case Happened.Refused _ -> "tally.refused";
      };
    }

    @Override
    public byte[] encode(AggregateId id, Tally after, Numbered<Happened> event) {
      return Long.toString(after.total()).getBytes(StandardCharsets.UTF_8);
    }
  }
}
