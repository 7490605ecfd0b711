package dev.slipway.standalone.acceptance;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.UUID;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.MissingNode;

/// A record that nobody can read, from the command line.
@Tag("slow")
@ExtendWith(SharedInstallation.class)
class DeadLetterIT {
  private static final Duration SOON = Duration.ofSeconds(20);

  @Test
  void aBrokenRecordIsListedShownTriedAgainAndDiscarded(Slipway slipway) {
    UUID before = UUID.randomUUID();
    UUID id = UUID.randomUUID();
    slipway.log().write(broken(before));
    slipway.log().write(broken(id));
    JsonNode listed =
        await().atMost(SOON).until(() -> find(slipway, id), found -> !found.isMissingNode());

    JsonNode shown = dlt(slipway, "show", "" + id, "--json").exited(0).json();
    String table = dlt(slipway, "list").exited(0).out();
    JsonNode dry = dlt(slipway, "requeue", "" + id, "--dry-run", "--json").exited(0).json();
    JsonNode tried = dlt(slipway, "requeue", "" + id, "--json").exited(1).json();
    CommandResult discarded = dlt(slipway, "discard", "" + before, "" + id).exited(0);
    CommandResult gone = dlt(slipway, "show", "" + id).exited(1);

    assertThat(listed.path("status").asString()).isEqualTo("DEAD");
    assertThat(listed.path("stage").asString()).isEqualTo("pr-service.deliveries");
    assertThat(listed.path("value_bytes").asInt()).isEqualTo(7);
    assertThat(listed.has("headers")).isFalse();
    assertThat(shown.path("topic").asString()).isEqualTo(Log.DELIVERIES);
    assertThat(shown.path("headers").toString()).contains("ce_id", id.toString());
    assertThat(shown.path("cause").asString()).isNotBlank();
    assertThat(table).contains("CAUSE", id.toString());
    assertThat(dry.path("items").path(0).path("outcome").asString()).isEqualTo("WOULD_BE_REQUEUED");
    // where order does not matter it waits for no other of its key
    assertThat(tried.path("items").path(0).path("outcome").asString()).isEqualTo("DEAD");
    assertThat(discarded.out()).contains("DISCARDED", before.toString(), id.toString());
    assertThat(gone.err()).contains("404");
    assertThat(find(slipway, id).isMissingNode()).isTrue();
  }

  @Test
  void whatIsNoIdIsUsage(Slipway slipway) {
    CommandResult _ = dlt(slipway, "show", "x").exited(2);
    CommandResult _ = dlt(slipway, "burn").exited(2);
  }

  private static JsonNode find(Slipway slipway, UUID id) {
    JsonNode all = dlt(slipway, "list", "--status", "DEAD", "--json").exited(0).json();
    for (JsonNode letter : all.path("items")) {
      if (letter.path("id").asString().equals(id.toString())) {
        return letter;
      }
    }
    return MissingNode.getInstance();
  }

  private static ProducerRecord<byte[], byte[]> broken(UUID id) {
    var record = new ProducerRecord<>(Log.DELIVERIES, 0, bytes("broken"), bytes("no avro"));
    record
        .headers()
        .add("ce_id", bytes(id.toString()))
        .add("ce_type", bytes("github.webhook_received"))
        .add("ce_source", bytes("test"))
        .add("ce_time", bytes("2026-11-20T07:00:00Z"));
    return record;
  }

  private static byte[] bytes(String text) {
    return text.getBytes(UTF_8);
  }

  private static CommandResult dlt(Slipway slipway, String... arguments) {
    String[] all = new String[arguments.length + 1];
    all[0] = "dlt";
    System.arraycopy(arguments, 0, all, 1, arguments.length);
    return slipway.command(all);
  }
}
