package dev.slipway.ingress.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.ingress.delivery.ReceivedRecords.Received;
import dev.slipway.web.ApiException;
import io.micrometer.core.instrument.MeterRegistry;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class DeliveryIT {
  private static final String BODY =
      """
      {"action":"opened","number":7,
       "pull_request":{"number":7,"title":"Grüße"},
       "repository":{"id":1296269,"full_name":"acme/site","owner":{"login":"acme"}},
       "organization":{"id":99,"login":"acme"},
       "installation":{"id":4242},
       "sender":{"login":"octocat"}}
      """;

  private TestIngress ingress;

  @BeforeAll
  void start() {
    ingress = TestIngress.start();
  }

  @AfterAll
  void stop() {
    ingress.close();
  }

  @Test
  void aSignedDeliveryBecomesOneRecordWithItsBodyVerbatim() {
    String guid = "72d3162e-cc78-11e3-81ab-4c9367dc0958";

    Post.Answer answer =
        Post.json(BODY).event("pull_request").with("X-GitHub-Delivery", guid).to(ingress.url);

    assertThat(answer.status()).isEqualTo(202);
    assertThat(answer.json().propertyNames()).containsExactly("delivery_id");
    assertThat(answer.deliveryId()).isEqualTo(guid);
    List<Received> records = ingress.records().of(guid);
    assertThat(records).hasSize(1);
    Received record = records.getFirst();
    assertThat(record.key()).isEqualTo("1296269");
    assertThat(record.envelope().type()).isEqualTo("github.webhook_received");
    assertThat(record.envelope().source()).isEqualTo("webhook-ingress");
    assertThat(record.value().getContext().getTenant()).isEqualTo("default");
    assertThat(record.webhook().getEvent()).isEqualTo("pull_request");
    assertThat(record.webhook().getAction()).isEqualTo("opened");
    assertThat(record.webhook().getGuid()).isEqualTo(guid);
    assertThat(record.webhook().getHookId()).isEqualTo(42);
    assertThat(record.webhook().getInstallationId()).isEqualTo(4242);
    assertThat(record.webhook().getOrganizationId()).isEqualTo(99);
    assertThat(record.webhook().getRepositoryId()).isEqualTo(1296269);
    assertThat(record.webhook().getRepositoryFullName()).isEqualTo("acme/site");
    assertThat(record.webhook().getNumber()).isEqualTo(7);
    assertThat(record.webhook().getSender()).isEqualTo("octocat");
    assertThat(record.webhook().getReceivedAt()).isEqualTo(record.envelope().time());
    assertThat(record.webhook().getContentType()).isEqualTo("application/json");
    assertThat(record.text()).isEqualTo(BODY);
  }

  @Test
  void aFormBodyIsSignedReadAndKeptAsItIs() {
    String form = "payload=" + URLEncoder.encode(BODY, StandardCharsets.UTF_8);

    Post.Answer answer = Post.json(form).form().event("pull_request").to(ingress.url);

    assertThat(answer.status()).isEqualTo(202);
    Received record = ingress.records().of(answer.deliveryId()).getFirst();
    assertThat(record.text()).isEqualTo(form);
    assertThat(record.key()).isEqualTo("1296269");
    assertThat(record.webhook().getNumber()).isEqualTo(7);
    assertThat(record.webhook().getContentType()).isEqualTo("application/x-www-form-urlencoded");
  }

  @Test
  void theCallersTraceGoesOnInTheRecord() {
    Post.Answer answer =
        Post.json(BODY)
            .with("traceparent", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01")
            .to(ingress.url);

    Received record = ingress.records().of(answer.deliveryId()).getFirst();
    assertThat(record.envelope().traceparent())
        .matches("00-0af7651916cd43dd8448eb211c80319c-[0-9a-f]{16}-01");
  }

  @Test
  void aGuidThatIsNoUuidGetsADerivedId() {
    Post.Answer answer = Post.json("{}").with("X-GitHub-Delivery", "not-a-uuid").to(ingress.url);

    assertThat(answer.deliveryId()).isEqualTo("9b37647b-4255-50a5-aa3e-71017d2a74c5");
    Received record = ingress.records().of(answer.deliveryId()).getFirst();
    assertThat(record.webhook().getGuid()).isEqualTo("not-a-uuid");
    assertThat(record.key()).isEqualTo("hook:42");
  }

  @Test
  void whatPostgresOrAvroCouldNotHoldIsReplacedBesideTheVerbatimBody() {
    String body = "{\"action\":\"a\\u0000\\ud800b\",\"number\":99999999999999999999}";

    Post.Answer answer = Post.json(body).to(ingress.url);

    Received record = ingress.records().of(answer.deliveryId()).getFirst();
    assertThat(record.webhook().getAction()).isEqualTo("a\uFFFD\uFFFDb");
    assertThat(record.webhook().getNumber()).isNull();
    assertThat(record.text()).isEqualTo(body);
  }

  @Test
  void aSenderThatWaitsForLeaveToSendGetsIt() {
    byte[] body = "{}".getBytes(StandardCharsets.UTF_8);
    try (var raw = new RawConnection(ingress.url)) {
      raw.head(
          "Content-Length: 2",
          "Content-Type: application/json",
          "Expect: 100-continue",
          "X-GitHub-Event: ping",
          "X-GitHub-Delivery: " + UUID.randomUUID(),
          "X-Hub-Signature-256: " + Post.sign(TestIngress.SECRET, body));
      assertThat(raw.answer()).startsWith("HTTP/1.1 100");

      raw.send(body);

      assertThat(raw.answer()).startsWith("HTTP/1.1 202");
    }
  }

  @Test
  void aSenderThatVanishesGivesItsRoomBack() {
    ByteBudget budget = ingress.context.getBean(ByteBudget.class);
    try (var raw = new RawConnection(ingress.url)) {
      raw.head(
          "Content-Length: 1000000",
          "Content-Type: application/json",
          "X-Hub-Signature-256: sha256=" + "0".repeat(64));
      raw.send(new byte[10]);
      Awaitility.await().until(() -> budget.used() == 2_000_000);
    }

    Awaitility.await().until(() -> budget.used() == 0);
    Awaitility.await()
        .until(() ->
            ingress
                    .context
                    .getBean(MeterRegistry.class)
                    .find("slipway.webhook.deliveries")
                    .tag("outcome", "disconnected")
                    .counter()
                != null);
  }

  @Test
  void aProducerThatFailedForGoodIsReplaced() {
    DeliveryLog log = ingress.context.getBean(DeliveryLog.class);
    var impossible = new ProducerRecord<byte[], byte[]>("no such name", new byte[0]);

    Awaitility.await()
        .until(() -> {
          var told = new AtomicReference<@Nullable ApiException>();
          log.append(impossible, Runnable::run, told::set);
          return told.get() != null && log.replaced() > 0;
        });

    Awaitility.await().until(() -> Post.json("{}").to(ingress.url).status() == 202);
  }

  @Test
  void operatorsSeeWhatIsAcceptedAndRefused() {
    MeterRegistry meters = ingress.context.getBean(MeterRegistry.class);
    var _ = Post.json("{}").to(ingress.url);
    var _ = Post.json("{").to(ingress.url);

    assertThat(
            meters.get("slipway.webhook.deliveries").tag("outcome", "accepted").counter().count())
        .isPositive();
    assertThat(
            meters.get("slipway.webhook.deliveries").tag("outcome", "malformed").counter().count())
        .isPositive();
    assertThat(meters.get("slipway.webhook.ack").timer().count()).isPositive();
    Awaitility.await().until(() -> meters.get("slipway.webhook.held.bytes").gauge().value() == 0);
  }
}
