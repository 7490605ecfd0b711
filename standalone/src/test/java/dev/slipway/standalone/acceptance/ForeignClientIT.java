package dev.slipway.standalone.acceptance;

import static java.util.stream.Collectors.toMap;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import tools.jackson.databind.JsonNode;

@Tag("slow")
@ExtendWith(SharedInstallation.class)
class ForeignClientIT {
  /// From here on a double no longer tells one whole number from the next.
  private static final long ID_BASE = 1L << 53;

  @Test
  void kafkajsReadsTheDeliveriesThroughTheRegistryAndFindsTheBodiesVerbatim(Slipway slipway) {
    List<Webhook> webhooks =
        IntStream.range(0, 20)
            .mapToObj(n -> Payloads.pullRequest("octo-org/foreign-é-" + n, ID_BASE + n, n))
            .flatMap(
                it -> Stream.of(Webhook.json("pull_request", it), Webhook.form("pull_request", it)))
            .toList();
    webhooks.forEach(webhook -> slipway.sender().send(webhook).is(202));

    JsonNode records =
        Node.run(
            "read-deliveries.js",
            Map.of(
                "KAFKA_PROPERTIES_FILE", slipway.data().resolve("kafka.properties").toString(),
                "SCHEMA_REGISTRY_URL", slipway.registry()));

    assertThat(records.size()).isEqualTo(Math.toIntExact(slipway.log().size(Log.DELIVERIES)));
    Map<String, JsonNode> byGuid =
        StreamSupport.stream(records.spliterator(), false)
            .filter(record -> record.path("repository_full_name").asString("").contains("foreign-"))
            .collect(toMap(record -> record.path("guid").asString(), Function.identity()));
    assertThat(byGuid).hasSameSizeAs(webhooks);
    for (Webhook webhook : webhooks) {
      assertMatches(byGuid.getOrDefault(webhook.guid(), records), webhook);
    }
  }

  private static void assertMatches(JsonNode record, Webhook webhook) {
    assertThat(Base64.getDecoder().decode(record.path("body").asString()))
        .isEqualTo(webhook.body());
    assertThat(record.path("event").asString()).isEqualTo("pull_request");
    assertThat(record.path("action").asString()).isEqualTo("opened");
    assertThat(record.path("content_type").asString()).isEqualTo(webhook.contentType());
    assertThat(record.path("tenant").asString()).isEqualTo("default");
    assertThat(record.path("key").asString()).isEqualTo(record.path("repository_id").asString());
    JsonNode headers = record.path("headers");
    assertThat(headers.path("ce_id").asString()).isEqualTo(webhook.guid());
    assertThat(headers.propertyNames()).contains("ce_type", "ce_source", "ce_time");
    assertThat(headers.path("traceparent").asString())
        .matches("00-[0-9a-f]{32}-[0-9a-f]{16}-0[01]");
  }
}
