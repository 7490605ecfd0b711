package dev.slipway.sandbox.command;

import dev.slipway.pipeline.kafka.KafkaClients;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;

/// Consumers that one reader has after the other: to make one takes connections, a password and
/// several questions, which is longer than most reads.
final class LentConsumers implements AutoCloseable {
  private static final int FETCH_WAIT_MILLIS = 50;
  private static final int MOST_IDLE = 32;
  private static final Duration CLOSE = Duration.ofSeconds(1);

  private final KafkaClients clients;
  private final BlockingQueue<Consumer<byte[], byte[]>> idle = new LinkedBlockingQueue<>(MOST_IDLE);
  private volatile boolean closed;

  LentConsumers(KafkaClients clients) {
    this.clients = clients;
  }

  Lent lend() {
    Consumer<byte[], byte[]> taken = idle.poll();
    return new Lent(taken == null ? create() : taken);
  }

  private Consumer<byte[], byte[]> create() {
    Map<String, Object> settings = clients.consumer("output-log");
    settings.put(ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG, FETCH_WAIT_MILLIS);
    return clients.newConsumer(settings);
  }

  /// A consumer that somebody has. Used by one thread at a time.
  final class Lent {
    private final Consumer<byte[], byte[]> consumer;

    private Lent(Consumer<byte[], byte[]> consumer) {
      this.consumer = consumer;
    }

    Consumer<byte[], byte[]> consumer() {
      return consumer;
    }

    /// The reader needs it no more. Once these are closed nobody else will, and it is closed too.
    ///
    /// @param isSound whether somebody else may have it: not when it has failed
    void end(boolean isSound) {
      if (isSound) {
        consumer.unsubscribe();
      }
      if (!isSound || !idle.offer(consumer)) {
        consumer.close(CloseOptions.timeout(CLOSE));
      } else if (closed) {
        closeIdle();
      }
    }
  }

  /// Those that are lent are closed when their readers end.
  @Override
  public void close() {
    closed = true; // INVARIANT: before the look: who comes back after it looks himself
    closeIdle();
  }

  private void closeIdle() {
    for (var consumer = idle.poll(); consumer != null; consumer = idle.poll()) {
      consumer.close(CloseOptions.timeout(CLOSE));
    }
  }
}
