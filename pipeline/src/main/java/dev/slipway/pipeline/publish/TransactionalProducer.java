package dev.slipway.pipeline.publish;

import dev.slipway.pipeline.error.RetryableException;
import dev.slipway.pipeline.kafka.KafkaClients;
import dev.slipway.schemas.Topic;
import dev.slipway.schemas.Topics;
import java.time.Duration;
import java.util.Map;
import org.apache.kafka.clients.producer.Callback;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.InvalidProducerEpochException;
import org.apache.kafka.common.errors.ProducerFencedException;
import org.jspecify.annotations.Nullable;

/// The producer of one leading: everything in transactions, under an id that only one can use.
/// After any exception it is of no more use: its last transaction may have been committed or not,
/// which only the next producer under the same id can find out.
final class TransactionalProducer implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(2);
  private static final int BUFFER_BYTES = 32 * 1024 * 1024;

  /// What a turn has for a partition, in most cases.
  private static final int BATCH_BYTES = 128 * 1024;

  /// Above what it takes to hand over a turn, whose commit sends what is left at once.
  private static final int LINGER_MILLIS = 50;

  private final Producer<byte[], byte[]> producer;

  TransactionalProducer(
      KafkaClients clients, String clientId, String transactionalId, Duration transactionTimeout) {
    Map<String, Object> settings = clients.producer(clientId);
    int timeoutMillis = (int) transactionTimeout.toMillis();
    // What is undone by us is seen by those who read sooner than what Kafka undoes; and a record
    // that is not answered must be known before the commit that waits for it gives up.
    int answerMillis = timeoutMillis * 4 / 6;
    int blockMillis = timeoutMillis * 5 / 6;
    int largestRecord = Topics.all().stream().mapToInt(Topic::maxRecordBytes).max().orElse(0);
    settings.put(ProducerConfig.TRANSACTIONAL_ID_CONFIG, transactionalId);
    settings.put(ProducerConfig.TRANSACTION_TIMEOUT_CONFIG, timeoutMillis);
    // A transaction that follows another at once is told to wait for its end; the default of 100 ms
    // would show in every latency.
    settings.put(ProducerConfig.RETRY_BACKOFF_MS_CONFIG, 2);
    settings.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, blockMillis);
    settings.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, answerMillis);
    settings.put(ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, answerMillis - LINGER_MILLIS);
    // Else a turn of a thousand records is sent as they come: in twenty requests.
    settings.put(ProducerConfig.LINGER_MS_CONFIG, LINGER_MILLIS);
    settings.put(ProducerConfig.BATCH_SIZE_CONFIG, BATCH_BYTES);
    // Each topic has its own limit, which the broker knows.
    settings.put(ProducerConfig.MAX_REQUEST_SIZE_CONFIG, largestRecord);
    settings.put(ProducerConfig.BUFFER_MEMORY_CONFIG, (long) largestRecord + BUFFER_BYTES);
    this.producer = clients.newProducer(settings);
  }

  /// Fences whoever had this id before; its last transaction has ended when this returns.
  ///
  /// @throws RetryableException when Kafka does not answer
  void fence() {
    try {
      producer.initTransactions();
    } catch (InterruptException e) {
      throw e;
    } catch (KafkaException e) {
      throw failure("Kafka gives us no transactions", e);
    }
  }

  /// Told where a record came to stand, on the producer's thread, before the commit is answered.
  @FunctionalInterface
  interface Placed {
    /// A record is there.
    ///
    /// @param index which of the turn's records
    void at(int index, long offset);
  }

  /// Publishes a turn and its checkpoint, all or nothing.
  ///
  /// @throws FencedException when another leads
  /// @throws RetryableException when it is not known what became of it
  Outcome publish(Turn turn, ProducerRecord<byte[], byte[]> checkpoint) {
    return publish(turn, checkpoint, (_, _) -> {});
  }

  /// Publishes a turn, all or nothing.
  ///
  /// @param checkpoint null where the records themselves tell what was published
  /// @throws FencedException when another has this id
  /// @throws RetryableException when it is not known what became of it
  Outcome publish(Turn turn, @Nullable ProducerRecord<byte[], byte[]> checkpoint, Placed placed) {
    var answers = new Answers(turn.records().size() + (checkpoint == null ? 0 : 1));
    try {
      producer.beginTransaction();
      send(turn, checkpoint, placed, answers);
      producer.commitTransaction();
      return new Outcome.Committed();
    } catch (InterruptException e) {
      throw e;
    } catch (KafkaException | IllegalStateException e) {
      abort(e);
      Outcome outcome = answers.outcome();
      if (outcome == null) {
        throw failure("Kafka does not take records", e);
      }
      return outcome;
    }
  }

  /// Ends with the first record that is known to fail: each that follows might wait as long as that
  /// one for a topic that is not there, and all of them together longer than the transaction lives.
  private void send(
      Turn turn,
      @Nullable ProducerRecord<byte[], byte[]> checkpoint,
      Placed placed,
      Answers answers) {
    int index = 0;
    for (ProducerRecord<byte[], byte[]> record : turn.records()) {
      int number = index++;
      Callback answer = answers.ofRecord(number);
      var _ =
          producer.send(
              record,
              (metadata, failure) -> {
                if (failure == null) {
                  placed.at(number, metadata.offset());
                }
                answer.onCompletion(metadata, failure);
              });
      if (answers.areDecided()) {
        return;
      }
    }
    if (checkpoint != null) {
      var _ = producer.send(checkpoint, answers.ofCheckpoint());
    }
    index = 0;
    for (ProducerRecord<byte[], byte[]> notification : turn.notifications()) {
      if (answers.areDecided()) {
        return;
      }
      var _ = producer.send(notification, answers.ofNotification(index++));
    }
  }

  /// When it returns, every record has been answered.
  private void abort(RuntimeException reason) {
    try {
      producer.abortTransaction();
    } catch (InterruptException e) {
      throw e;
    } catch (KafkaException | IllegalStateException e) {
      e.addSuppressed(reason);
      throw failure("Kafka does not undo a transaction", e);
    }
  }

  private static RuntimeException failure(String message, RuntimeException failure) {
    for (@Nullable Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof ProducerFencedException
          || cause instanceof InvalidProducerEpochException) {
        return new FencedException(failure);
      }
    }
    return new RetryableException(message, Duration.ZERO, failure);
  }

  @Override
  public void close() {
    producer.close(PATIENCE);
  }
}
