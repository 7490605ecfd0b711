package dev.slipway.pr;

import static org.awaitility.Awaitility.await;

import dev.slipway.schemas.Ids;
import java.time.Duration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("slow")
class WakeupIT {

  @Test
  void whatABatchAnnouncesIsPublishedAsSoonAsItIsCommitted() {
    // it looks for itself so seldom that only a wake-up explains what is published soon
    try (TestPrService service = TestPrService.start("--slipway.outbox.poll-interval=10s");
        Webhooks webhooks = new Webhooks(service.clients())) {
      announce(service, webhooks, "first", Duration.ofSeconds(30)); // from now on the relay rests

      announce(service, webhooks, "second", Duration.ofSeconds(5));
    }
  }

  private static void announce(
      TestPrService service, Webhooks webhooks, String tenant, Duration atMost) {
    double before = service.published();
    var _ = webhooks.send(Ids.fresh(), tenant, _ -> {});
    await().atMost(atMost).until(() -> service.published() > before);
  }
}
