package dev.slipway.sandbox.command;

import dev.slipway.pipeline.kafka.KafkaClients;
import dev.slipway.sandbox.command.OutputCodec.Seen;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.common.TopicPartition;

/// The topic of output, from its beginning.
final class Topic {
  private Topic() {}

  static List<Seen> read(KafkaClients clients, OutputCodec codec, String operation) {
    var seen = new ArrayList<Seen>();
    read(
        clients,
        codec,
        (one, _) -> {
          if (isOf(one, operation)) {
            seen.add(one);
          }
        });
    return seen;
  }

  /// Shows one record after the other, with the time that it bears.
  static void read(KafkaClients clients, OutputCodec codec, BiConsumer<Seen, Instant> each) {
    try (Consumer<byte[], byte[]> consumer = clients.newConsumer(clients.consumer("test-output"))) {
      List<TopicPartition> partitions =
          consumer.partitionsFor(codec.topic()).stream()
              .map(info -> new TopicPartition(info.topic(), info.partition()))
              .toList();
      consumer.assign(partitions);
      consumer.seekToBeginning(partitions);
      Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
      while (partitions.stream()
          .anyMatch(partition -> consumer.position(partition) < ends.getOrDefault(partition, 0L))) {
        consumer
            .poll(Duration.ofMillis(100))
            .forEach(record ->
                each.accept(codec.decode(record), Instant.ofEpochMilli(record.timestamp())));
      }
    }
  }

  private static boolean isOf(Seen one, String operation) {
    return switch (one) {
      case Seen.Part part -> part.operation().toString().equals(operation);
      case Seen.End end -> end.operation().toString().equals(operation);
      case Seen.Other _ -> false;
    };
  }
}
