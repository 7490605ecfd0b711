package dev.slipway.pipeline.publish;

import dev.slipway.pipeline.error.RetryableException;
import dev.slipway.pipeline.kafka.KafkaClients;
import dev.slipway.schemas.Topic;
import dev.slipway.schemas.Topics;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.producer.Callback;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.InvalidRecordException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.InvalidProducerEpochException;
import org.apache.kafka.common.errors.ProducerFencedException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.jspecify.annotations.Nullable;

/// The producer of one leading: everything in transactions, under an id that only one can use.
/// After any exception it is of no more use: its last transaction may have been committed or not,
/// which only the next producer under the same id can find out.
final class TransactionalProducer implements AutoCloseable {
  private static final int NONE = -1;
  private static final Duration PATIENCE = Duration.ofSeconds(2);
  private static final int BUFFER_BYTES = 32 * 1024 * 1024;

  private final Producer<byte[], byte[]> producer;

  TransactionalProducer(
      KafkaClients clients, String clientId, String transactionalId, Duration transactionTimeout) {
    Map<String, Object> settings = clients.producer(clientId);
    int timeoutMillis = (int) transactionTimeout.toMillis();
    int largestRecord = Topics.all().stream().mapToInt(Topic::maxRecordBytes).max().orElse(0);
    settings.put(ProducerConfig.TRANSACTIONAL_ID_CONFIG, transactionalId);
    settings.put(ProducerConfig.TRANSACTION_TIMEOUT_CONFIG, timeoutMillis);
    // A transaction that follows another at once is told to wait for its end; the default of 100 ms
    // would show in every latency.
    settings.put(ProducerConfig.RETRY_BACKOFF_MS_CONFIG, 2);
    // After the timeout the transaction is undone, so there is no point in trying for longer.
    settings.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, timeoutMillis);
    settings.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, timeoutMillis);
    settings.put(ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, timeoutMillis / 2);
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

  /// Publishes the records and the checkpoint, all or none.
  ///
  /// @return empty when it is done; else which of the records Kafka refuses for ever, nothing being
  ///   published
  /// @throws FencedException when another leads
  /// @throws RetryableException when it is not known whether it is done
  OptionalInt publish(
      List<ProducerRecord<byte[], byte[]>> records, ProducerRecord<byte[], byte[]> checkpoint) {
    var refused = new AtomicInteger(NONE);
    try {
      producer.beginTransaction();
      int index = 0;
      for (ProducerRecord<byte[], byte[]> record : records) {
        var _ = producer.send(record, watch(refused, index++));
      }
      var _ = producer.send(checkpoint);
      producer.commitTransaction();
      return OptionalInt.empty();
    } catch (InterruptException e) {
      throw e;
    } catch (KafkaException | IllegalStateException e) {
      if (refused.get() == NONE) {
        throw failure("Kafka does not take records", e);
      }
      abort();
      return OptionalInt.of(refused.get());
    }
  }

  private static Callback watch(AtomicInteger refused, int index) {
    return (_, failure) -> {
      if (failure instanceof RecordTooLargeException || failure instanceof InvalidRecordException) {
        var _ = refused.compareAndSet(NONE, index);
      }
    };
  }

  private void abort() {
    try {
      producer.abortTransaction();
    } catch (InterruptException e) {
      throw e;
    } catch (KafkaException | IllegalStateException e) {
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
