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
record LedgerStage(LedgerDecider decider, LedgerStore states)
    implements Stage<String, Ledger, Ledger.Input, Added> {
  static final String NAME = "test.ledger";
  static final String TOLD = "ledger.told";

  /// A type that only a build which says `later` knows.
  static final String TOLD_LATER = "ledger.told_later";

  static final Topic SOURCE = topic("ledger");
  static final Topic DEAD_LETTERS = topic("test.ledger.dlt");

  /// One that shows every copy which comes through.
  static LedgerStage adding() {
    return new LedgerStage(new LedgerDecider("ok", false), new LedgerStore());
  }

  /// One that knows texts again.
  static LedgerStage judging(String verdict) {
    return new LedgerStage(new LedgerDecider(verdict, true), new LedgerStore());
  }

  private static Topic topic(String name) {
    return new Topic(name, "a name", "text", 2, Optional.empty(), false, 4 * 1024 * 1024, false);
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public Topic source() {
    return SOURCE;
  }

  @Override
  public Topic deadLetters() {
    return DEAD_LETTERS;
  }

  @Override
  public Optional<Input<String, Ledger.Input>> decode(ConsumerRecord<byte[], byte[]> record) {
    CloudEvent envelope =
        CloudEvent.from(record.headers())
            .orElseThrow(() -> new PermanentException("no CloudEvents headers", null));
    boolean isLater = decider.verdict().equals("later") && envelope.type().equals(TOLD_LATER);
    if (!envelope.type().equals(TOLD) && !isLater) {
      return Optional.empty();
    }
    String text = new String(record.value(), StandardCharsets.UTF_8);
    if (text.startsWith("poison")) {
      throw new PermanentException("it is poison", null);
    }
    String key = new String(record.key(), StandardCharsets.UTF_8);
    return Optional.of(new Input<>(envelope.id(), key, new Told(text)));
  }

  @Override
  public Optional<Ledger.Input> deadLettered(Ledger.Input input) {
    return Optional.of(new Died(input.text()));
  }
}
