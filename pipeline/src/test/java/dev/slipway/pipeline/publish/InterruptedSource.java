package dev.slipway.pipeline.publish;

import dev.slipway.schemas.Topic;
import dev.slipway.schemas.publisher.Checkpoint;
import java.util.AbstractList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;

/// A source that something happens to, once, at a named point of its first turn with records.
final class InterruptedSource implements PublisherSource {
  private final PublisherSource source;
  private final Point point;
  private final Runnable event;
  private final AtomicBoolean happened = new AtomicBoolean();

  /// Points of a turn.
  enum Point {
    AFTER_READ,
    AFTER_SEND,
    AFTER_COMMIT
  }

  InterruptedSource(PublisherSource source, Point point, Runnable event) {
    this.source = source;
    this.point = point;
    this.event = event;
  }

  private void at(Point here) {
    if (here == point && happened.compareAndSet(false, true)) {
      event.run();
    }
  }

  @Override
  public Turn next() {
    Turn turn = source.next();
    if (turn.checkpoint() == null) {
      return turn;
    }
    at(Point.AFTER_READ);
    return new Turn(turn.records(), afterTheLast(turn.notifications()), turn.checkpoint());
  }

  private List<ProducerRecord<byte[], byte[]>> afterTheLast(
      List<ProducerRecord<byte[], byte[]>> records) {
    return new AbstractList<>() {
      @Override
      public ProducerRecord<byte[], byte[]> get(int index) {
        return records.get(index);
      }

      @Override
      public int size() {
        return records.size();
      }

      @Override
      public Iterator<ProducerRecord<byte[], byte[]>> iterator() {
        Iterator<ProducerRecord<byte[], byte[]>> all = records.iterator();
        return new Iterator<>() {
          @Override
          public boolean hasNext() {
            boolean more = all.hasNext();
            if (!more) {
              at(Point.AFTER_SEND);
            }
            return more;
          }

          @Override
          public ProducerRecord<byte[], byte[]> next() {
            return all.next();
          }
        };
      }
    };
  }

  @Override
  public void told(Outcome outcome) {
    if (outcome instanceof Outcome.Committed) {
      at(Point.AFTER_COMMIT);
    }
    source.told(outcome);
  }

  @Override
  public String name() {
    return source.name();
  }

  @Override
  public Topic checkpoints() {
    return source.checkpoints();
  }

  @Override
  public void resume(@Nullable Checkpoint last) {
    source.resume(last);
  }

  @Override
  public void finish() {
    source.finish();
  }

  @Override
  public void wake() {
    source.wake();
  }

  @Override
  public void rest() {
    source.rest();
  }

  @Override
  public long waiting() {
    return source.waiting();
  }

  @Override
  public long heldBack() {
    return source.heldBack();
  }

  @Override
  public void close() {
    source.close();
  }
}
