package dev.slipway.standalone.acceptance;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

@Tag("slow")
@ExtendWith(SharedInstallation.class)
class TamperingIT {
  private static final String SIGNATURE = "X-Hub-Signature-256";

  /// One way to forge a call.
  ///
  /// @param name what was done
  /// @param codes the codes of which the answer carries one
  /// @param forge sends the forged call
  record Tampering(String name, List<String> codes, Forge forge) {
    @Override
    public String toString() {
      return name;
    }
  }

  @FunctionalInterface
  interface Forge {
    Answer send(WebhookSender sender, Webhook webhook);
  }

  static Stream<Tampering> tamperings() {
    List<String> unsigned = List.of("missing_signature", "invalid_signature");
    List<String> forged = List.of("invalid_signature");
    return Stream.of(
        new Tampering(
            "no header", List.of("missing_signature"), (to, it) -> without(to, it, SIGNATURE)),
        new Tampering(
            "wrong secret", forged, (to, it) -> to.withSecret(to.secret() + "x").send(it)),
        new Tampering(
            "no prefix",
            unsigned,
            (to, it) -> signed(to, it, it.signature(to.secret()).substring(7))),
        new Tampering(
            "truncated",
            unsigned,
            (to, it) -> signed(to, it, it.signature(to.secret()).substring(0, 70))),
        new Tampering("SHA-1 only", List.of("missing_signature"), TamperingIT::legacyOnly),
        new Tampering("one byte of the body changed", forged, TamperingIT::oneByteChanged),
        new Tampering("empty signature value", unsigned, (to, it) -> signed(to, it, "")),
        new Tampering(
            "empty body", forged, (to, it) -> to.send(it.withBody(new byte[0]), to.headers(it))),
        new Tampering("signature of another delivery", forged, TamperingIT::ofAnother),
        new Tampering("prefix alone", unsigned, (to, it) -> signed(to, it, "sha256=")),
        new Tampering(
            "upper-case prefix",
            unsigned,
            (to, it) -> signed(to, it, "SHA256=" + it.signature(to.secret()).substring(7))),
        new Tampering(
            "no hexadecimal digits",
            unsigned,
            (to, it) -> signed(to, it, "sha256=" + "z".repeat(64))));
  }

  @ParameterizedTest
  @MethodSource("tamperings")
  void aForgedCallIsRefusedAndLeavesNothing(Tampering tampering, Slipway slipway) {
    long before = slipway.log().size(Log.DELIVERIES);
    Webhook webhook = aWebhook();

    Answer answer = tampering.forge().send(slipway.sender(), webhook);

    assertThat(tampering.codes()).contains(answer.json().path("code").asString());
    Answer _ = answer.isProblem(401, answer.json().path("code").asString());
    assertThat(answer.body()).doesNotContain(slipway.sender().secret());
    // The GUID is not burnt: the true call is taken, and it alone.
    slipway.sender().send(webhook).is(202);
    slipway.api().awaitDelivery(webhook.guid(), Duration.ofSeconds(10));
    assertThat(slipway.log().size(Log.DELIVERIES)).isEqualTo(before + 1);
  }

  @Test
  void aSignedBodyThatIsNotJsonIsMalformedAndLeavesNoRecord(Slipway slipway) {
    long before = slipway.log().size(Log.DELIVERIES);
    List<String> bodies =
        List.of("", "{", "not json", "{\"action\":}", "{} {}", "\u0000", "payload=%7B%7D");

    for (String body : bodies) {
      Webhook webhook = Webhook.json("push", body);
      Answer _ = slipway.sender().send(webhook).isProblem(400, "malformed");
    }
    byte[] latin = "{\"action\":\"caf\u00e9\"}".getBytes(ISO_8859_1);
    Answer _ = slipway.sender().send(Webhook.json("push", latin)).isProblem(400, "malformed");
    for (String body : List.of("", "payload=", "payload=%7B", "other=%7B%7D", "payload=%ZZ")) {
      Webhook json = Webhook.json("push", body);
      Webhook form = new Webhook("push", json.guid(), Webhook.FORM, body.getBytes(UTF_8));
      Answer _ = slipway.sender().send(form).isProblem(400, "malformed");
    }

    assertThat(slipway.log().size(Log.DELIVERIES)).isEqualTo(before);
  }

  @Test
  void aMissingOrImpossibleHeaderIsRefused(Slipway slipway) {
    WebhookSender sender = slipway.sender();
    long before = slipway.log().size(Log.DELIVERIES);
    Webhook webhook = aWebhook();

    Answer _ = without(sender, webhook, "X-GitHub-Event").isProblem(400, "malformed");
    Answer _ = without(sender, webhook, "X-GitHub-Delivery").isProblem(400, "malformed");
    Answer _ = without(sender, webhook, "Content-Type").isProblem(415, "unsupported_media_type");
    for (String guid : List.of("", " ", "a b", "g".repeat(129))) {
      Answer _ = changed(sender, webhook, "X-GitHub-Delivery", guid).isProblem(400, "malformed");
    }
    for (String type : List.of("text/plain", "application/xml", "multipart/form-data")) {
      Answer _ =
          changed(sender, webhook, "Content-Type", type).isProblem(415, "unsupported_media_type");
    }

    assertThat(slipway.log().size(Log.DELIVERIES)).isEqualTo(before);
  }

  @Test
  void aGuidThatIsNoUuidIsTakenAndKnownAgain(Slipway slipway) {
    Webhook webhook =
        new Webhook("ping", "hook~42/" + "g".repeat(120), Webhook.JSON, "{}".getBytes(UTF_8));

    String first = slipway.sender().send(webhook).is(202).json().path("delivery_id").asString();
    String second = slipway.sender().send(webhook).is(202).json().path("delivery_id").asString();
    slipway.awaitCaughtUp(Duration.ofSeconds(10));

    assertThat(second).isEqualTo(first);
    assertThat(first)
        .matches("[0-9a-f]{8}-[0-9a-f]{4}-5[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}");
    assertThat(slipway.api().deliveriesById()).containsKey(first);
  }

  @Test
  void aGuidInUpperCaseIsTheSameDelivery(Slipway slipway) {
    Webhook webhook = aWebhook();
    Map<String, String> headers = slipway.sender().headers(webhook);
    headers.put("X-GitHub-Delivery", webhook.guid().toUpperCase(Locale.ROOT));

    slipway.sender().send(webhook).is(202);
    Answer answer = slipway.sender().send(webhook, headers).is(202);

    assertThat(answer.json().path("delivery_id").asString()).isEqualTo(webhook.guid());
  }

  @Test
  void theHookIsKeptWhenItIsANumber(Slipway slipway) {
    for (String hook : List.of("9007199254740993", "none", "-", "99999999999999999999")) {
      Webhook webhook = aWebhook();

      changed(slipway.sender(), webhook, "X-GitHub-Hook-ID", hook).is(202);

      var row = slipway.api().awaitDelivery(webhook.guid(), Duration.ofSeconds(10));
      assertThat(row.path("hook_id").isNull()).isEqualTo(hook.length() != 16);
    }
  }

  @Test
  void headerNamesMayBeInAnyCaseAndTheMediaTypeMayHaveParameters(Slipway slipway) {
    WebhookSender sender = slipway.sender();
    Webhook webhook = aWebhook();
    Map<String, String> headers =
        Map.of(
            "x-github-event", webhook.event(),
            "x-github-delivery", webhook.guid(),
            "x-hub-signature-256", webhook.signature(sender.secret()),
            "content-type", "application/json; charset=utf-8");

    sender.send(webhook, headers).is(202);

    var row = slipway.api().awaitDelivery(webhook.guid(), Duration.ofSeconds(10));
    assertThat(row.path("content_type").asString()).isEqualTo(Webhook.JSON);
  }

  private static Answer without(WebhookSender sender, Webhook webhook, String header) {
    Map<String, String> headers = sender.headers(webhook);
    headers.remove(header);
    return sender.send(webhook, headers);
  }

  private static Answer changed(WebhookSender sender, Webhook webhook, String name, String value) {
    Map<String, String> headers = sender.headers(webhook);
    headers.put(name, value);
    return sender.send(webhook, headers);
  }

  private static Answer signed(WebhookSender sender, Webhook webhook, String signature) {
    return changed(sender, webhook, SIGNATURE, signature);
  }

  private static Answer legacyOnly(WebhookSender sender, Webhook webhook) {
    Map<String, String> headers = sender.headers(webhook);
    headers.remove(SIGNATURE);
    headers.put("X-Hub-Signature", webhook.legacySignature(sender.secret()));
    return sender.send(webhook, headers);
  }

  private static Answer oneByteChanged(WebhookSender sender, Webhook webhook) {
    byte[] body = webhook.body().clone();
    body[body.length / 2] ^= 1;
    return sender.send(webhook.withBody(body), sender.headers(webhook));
  }

  private static Answer ofAnother(WebhookSender sender, Webhook webhook) {
    Webhook other =
        Webhook.json("pull_request", Payloads.pullRequest("octo-org/another", 99_002, 8));
    return signed(sender, webhook, other.signature(sender.secret()));
  }

  private static Webhook aWebhook() {
    return Webhook.json("pull_request", Payloads.pullRequest("octo-org/forged", 99_001, 7));
  }
}
