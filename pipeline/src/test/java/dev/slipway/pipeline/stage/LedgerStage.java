package dev.slipway.pipeline.stage;

import dev.slipway.pipeline.error.PermanentException;
import dev.slipway.pipeline.kafka.CloudEvent;
import dev.slipway.pipeline.stage.Ledger.Added;
import dev.slipway.pipeline.stage.Ledger.Input.Died;
import dev.slipway.pipeline.stage.Ledger.Input.Told;
import dev.slipway.schemas.Topic;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/// The smallest stage that can go wrong in every way.
///
/// @param decider what this build decides
/// @param commutative whether a dead record holds up none of its key
public record LedgerStage(LedgerDecider decider, LedgerStore states, boolean commutative) {
  public static final String NAME = "test.ledger";
  public static final String TOLD = "ledger.told";

  /// A type that only a build which says `later` knows.
  public static final String TOLD_LATER = "ledger.told_later";

  static final Topic SOURCE = topic("ledger");
  static final Topic DEAD_LETTERS = topic("test.ledger.dlt");

  /// One that shows every copy which comes through.
  public static LedgerStage adding() {
    return new LedgerStage(new LedgerDecider("ok", false), new LedgerStore(), true);
  }

  /// One that knows texts again.
  public static LedgerStage judging(String verdict) {
    return new LedgerStage(new LedgerDecider(verdict, true), new LedgerStore(), true);
  }

  /// The same, where a dead record parks the later ones of its key.
  LedgerStage ordered() {
    return new LedgerStage(decider, states, false);
  }

  private static Topic topic(String name) {
    return new Topic(name, "a name", "text", 2, Optional.empty(), false, 4 * 1024 * 1024, false);
  }

  /// As the runner takes it.
  public Stage<Ledger, Ledger.Input, Added> stage() {
    Stage.Builder<Ledger, Ledger.Input, Added> builder =
        Stage.named(NAME, decider, states)
            .reads(SOURCE, this::decode)
            .tellsOfDeadLetters(input -> Optional.of(new Died(input.text())));
    return (commutative ? builder.commutative() : builder).deadLetters(DEAD_LETTERS);
  }

  private Optional<Input<Ledger.Input>> decode(
      ConsumerRecord<byte[], byte[]> record, CloudEvent envelope) {
    boolean isLater = decider.verdict().equals("later") && envelope.type().equals(TOLD_LATER);
    if (!envelope.type().equals(TOLD) && !isLater) {
      return Optional.empty();
    }
    String text = new String(record.value(), StandardCharsets.UTF_8);
    if (text.startsWith("poison")) {
      throw new PermanentException("it is poison", null);
    }
    String key = new String(record.key(), StandardCharsets.UTF_8);
    return Optional.of(Input.to("default", key, new Told(text)));
  }
}
