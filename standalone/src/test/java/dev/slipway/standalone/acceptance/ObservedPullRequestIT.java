package dev.slipway.standalone.acceptance;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.pipeline.avro.AvroSerializer;
import dev.slipway.pipeline.kafka.CloudEvent;
import dev.slipway.schemas.Ids;
import dev.slipway.schemas.context.Context;
import dev.slipway.schemas.github.Delivery;
import dev.slipway.schemas.github.GitHubObserved;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import tools.jackson.databind.JsonNode;

/// What GitHub's API answers is a record like a webhook.
@Tag("slow")
@ExtendWith(SharedInstallation.class)
class ObservedPullRequestIT {
  private static final Duration SOON = Duration.ofSeconds(10);

  @Test
  void aPullRequestFirstHeardOfThroughTheApiReachesTheStreamsOfItsRepository(Slipway slipway) {
    JsonNode answer = Payloads.pullRequest("octo-org/observed", 40_001, 3).path("pull_request");
    String repository = "repository=octo-org/observed";
    String pullRequest = "pull_request=octo-org/observed%233";
    try (var ofRepository = EventStream.of(slipway.api(), repository);
        var ofPullRequest = EventStream.of(slipway.api(), pullRequest)) {
      observe(slipway, 40_001, answer);

      for (EventStream stream : List.of(ofRepository, ofPullRequest)) {
        JsonNode event = stream.await(1, SOON).getFirst();
        assertThat(event.path("type").asString()).isEqualTo("pull_request.opened");
        assertThat(event.at("/data/repository/id").asLong()).isEqualTo(40_001);
        assertThat(event.at("/data/repository/full_name").asString())
            .isEqualTo("octo-org/observed");
        assertThat(event.at("/data/delivery_id").isNull()).isTrue();
      }
    }
    JsonNode row = slipway.api().get("/api/v1/pull-requests/octo-org/observed/3").is(200).json();
    assertThat(row.path("title").asString()).isEqualTo("Change 3");
  }

  private static void observe(Slipway slipway, long repositoryId, JsonNode answer) {
    Instant now = Instant.parse("2026-11-02T00:00:00Z");
    var observed =
        Delivery.newBuilder()
            .setContext(Context.newBuilder().setTenant("default").build())
            .setBody(
                GitHubObserved.newBuilder()
                    .setRepositoryId(repositoryId)
                    .setNumber(answer.path("number").asLong())
                    .setResource("/repos/octo-org/observed/pulls/" + answer.path("number"))
                    .setObservedAt(now)
                    .setReceivedAt(now)
                    .setBody(ByteBuffer.wrap(answer.toString().getBytes(UTF_8)))
                    .build())
            .build();
    try (var serializer = new AvroSerializer<Delivery>()) {
      serializer.configure(Map.of("schema.registry.url", slipway.registry()), false);
      var record =
          new ProducerRecord<byte[], byte[]>(
              Log.DELIVERIES,
              Long.toString(repositoryId).getBytes(UTF_8),
              Objects.requireNonNull(serializer.serialize(Log.DELIVERIES, observed)));
      new CloudEvent(Ids.fresh(), "github.observed", "pr-service", now, null, null, null)
          .addTo(record.headers());
      slipway.log().write(record);
    }
  }
}
