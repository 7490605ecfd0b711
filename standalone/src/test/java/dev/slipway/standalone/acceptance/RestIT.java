package dev.slipway.standalone.acceptance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/// An installation that nobody tells anything uses nothing up.
@Tag("slow")
@ExtendWith(SharedInstallation.class)
class RestIT {
  private static final Duration SOON = Duration.ofSeconds(20);
  private static final String SEQUENCES =
      """
      select schemaname || '.' || sequencename || ' ' || coalesce(last_value, 0)
      from pg_sequences order by 1
      """;

  @Test
  void atRestNoSequenceMoves(Slipway slipway) {
    slipway
        .sender()
        .send(Webhook.json("pull_request", Payloads.pullRequest("octo-org/rest", 10_003, 1)))
        .is(202);
    slipway.awaitCaughtUp(SOON);
    Sql sql = Sql.of(slipway);
    await("all events to be published")
        .atMost(SOON)
        .until(() ->
            sql.strings("select 1 from pr.outbox where published_at is null limit 1").isEmpty());
    var before = sql.strings(SEQUENCES);

    // each of them ends after the stage has looked for more of its kind, which it does once a
    // second
    for (String command : new String[] {"replay", "rebuild", "replay"}) {
      String verify = command.equals("rebuild") ? "--verify" : "--force";
      String _ = slipway.command(command, "--stage", "pr-service", verify).succeeded();
    }

    assertThat(before).isNotEmpty();
    assertThat(sql.strings(SEQUENCES)).isEqualTo(before);
  }
}
