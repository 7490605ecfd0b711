package dev.slipway.sandbox.command;

import dev.slipway.pipeline.avro.AvroDeserializer;
import dev.slipway.pipeline.avro.AvroSerializer;
import dev.slipway.pipeline.kafka.CloudEvent;
import dev.slipway.pipeline.kafka.KafkaClients;
import dev.slipway.pipeline.live.EventJson;
import dev.slipway.pipeline.live.MercureTopics;
import dev.slipway.pipeline.live.PublicEvent;
import dev.slipway.sandbox.provider.ProcessEvent.Channel;
import dev.slipway.schemas.Ids;
import dev.slipway.schemas.Topics;
import dev.slipway.schemas.sandbox.CommandOutput;
import dev.slipway.schemas.sandbox.OutputEnded;
import dev.slipway.schemas.sandbox.OutputStream;
import dev.slipway.schemas.sandbox.SandboxOutput;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.Base64;
import java.util.Locale;
import java.util.UUID;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;

/// Output as records of `sandbox.output`, and as the public sees it.
final class OutputCodec implements AutoCloseable {
  private static final String STAGE = "sandbox-worker.output";
  private static final String SOURCE = "/slipway/sandbox-worker";
  private static final String OUTPUT = "command.output";
  private static final String ENDED = "command.output_ended";

  private final String topic;
  private final Clock clock;
  private final AvroSerializer<SandboxOutput> serializer = new AvroSerializer<>();
  private final AvroDeserializer<SandboxOutput> deserializer = new AvroDeserializer<>();

  OutputCodec(KafkaClients clients, Clock clock) {
    this.topic = clients.topicNames().of(Topics.SANDBOX_OUTPUT);
    this.clock = clock;
    serializer.configure(clients.serde(), false);
    deserializer.configure(clients.serde(), false);
  }

  /// The topic's name, with the installation's prefix.
  String topic() {
    return topic;
  }

  /// A part of the output.
  ///
  /// @param offset how many bytes of this stream came before
  ProducerRecord<byte[], byte[]> part(
      OutputSource source,
      int partition,
      Channel channel,
      long sequence,
      long offset,
      byte[] bytes) {
    var body =
        new CommandOutput(
            source.operation(), stream(channel), sequence, offset, ByteBuffer.wrap(bytes));
    return record(source, partition, OUTPUT, sequence, body);
  }

  /// Its end.
  ///
  /// @param exit null when nobody can tell
  ProducerRecord<byte[], byte[]> end(
      OutputSource source, int partition, long sequence, Totals totals, @Nullable Exit exit) {
    var body =
        new OutputEnded(
            source.operation(),
            exit == null ? null : exit.code(),
            exit == null ? null : exit.signal(),
            totals.stdout(),
            totals.stderr(),
            exit != null && exit.truncated());
    return record(source, partition, ENDED, sequence, body);
  }

  /// How many bytes were published.
  record Totals(long stdout, long stderr) {}

  private ProducerRecord<byte[], byte[]> record(
      OutputSource source, int partition, String type, long sequence, Object body) {
    byte[] value = serializer.serialize(topic, new SandboxOutput(source.context(), body));
    if (value == null) {
      throw new IllegalStateException("output has a value");
    }
    var record =
        new ProducerRecord<>(
            topic, partition, source.sandbox().getBytes(StandardCharsets.UTF_8), value);
    envelope(source, type, type, sequence).addTo(record.headers());
    return record;
  }

  /// The envelope of a notification: the part of the output that it ends with is in its id.
  CloudEvent envelope(OutputSource source, Channel channel, long end) {
    return envelope(source, OUTPUT, "notification|" + channel, end);
  }

  private CloudEvent envelope(OutputSource source, String type, String what, long number) {
    UUID id = Ids.derived(STAGE, source.operation(), what + "|" + number, source.sandbox(), 0);
    return new CloudEvent(
        id, type, SOURCE, clock.instant(), source.sandbox(), null, source.traceparent());
  }

  /// What the public sees of a part.
  ///
  /// @param offset of the first of these bytes
  /// @param skippedBytes how many were left out before them
  PublicEvent notification(
      OutputSource source,
      CloudEvent envelope,
      Channel channel,
      long sequence,
      long offset,
      long skippedBytes,
      byte[] bytes) {
    byte[] json =
        EventJson.write(
            new EventJson.Head(envelope.id(), OUTPUT, envelope.time(), null),
            source.context(),
            data -> {
              data.writeStringProperty("operation_id", source.operation().toString());
              data.writeStringProperty("sandbox_id", source.sandbox());
              data.writeStringProperty("stream", channel.name().toLowerCase(Locale.ROOT));
              data.writeNumberProperty("sequence", sequence);
              data.writeNumberProperty("offset", offset);
              String text = Utf8.text(bytes);
              EventJson.text(data, "text", text);
              EventJson.text(
                  data, "base64", text == null ? Base64.getEncoder().encodeToString(bytes) : null);
              data.writeNumberProperty("skipped_bytes", skippedBytes);
            });
    return new PublicEvent(
        source.context(),
        new MercureTopics(source.context().getTenant()).of(source.context()),
        OUTPUT,
        json);
  }

  /// What a record of the topic says.
  Seen decode(ConsumerRecord<byte[], byte[]> record) {
    @Nullable SandboxOutput output = deserializer.deserialize(topic, record.value());
    return switch (output == null ? null : output.getBody()) {
      case CommandOutput part ->
          new Seen.Part(
              part.getOperationId(),
              part.getStream() == OutputStream.STDERR ? Channel.STDERR : Channel.STDOUT,
              part.getSequence(),
              part.getOffset(),
              part.getBytes());
      case OutputEnded end -> new Seen.End(end.getOperationId());
      case null, default -> new Seen.Other();
    };
  }

  /// What a record says.
  sealed interface Seen {
    /// A part of the output.
    record Part(UUID operation, Channel channel, long sequence, long offset, ByteBuffer bytes)
        implements Seen {
      long end() {
        return offset + bytes.remaining();
      }
    }

    /// Its end.
    record End(UUID operation) implements Seen {}

    /// Something that this build does not know.
    record Other() implements Seen {}
  }

  private static OutputStream stream(Channel channel) {
    return switch (channel) {
      case STDOUT -> OutputStream.STDOUT;
      case STDERR -> OutputStream.STDERR;
    };
  }

  @Override
  public void close() {
    serializer.close();
    deserializer.close();
  }
}
