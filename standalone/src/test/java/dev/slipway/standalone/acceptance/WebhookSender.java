package dev.slipway.standalone.acceptance;

import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// Sends webhooks as GitHub does: signed with the hook's secret, over HTTP/1.1.
///
/// @param base where the ingress listens
/// @param secret the secret of the hook
record WebhookSender(URI base, String secret) {

  /// How long GitHub waits, and a little.
  private static final Duration DEADLINE = Duration.ofSeconds(12);

  WebhookSender withSecret(String other) {
    return new WebhookSender(base, other);
  }

  WebhookSender at(int port) {
    return new WebhookSender(URI.create("http://127.0.0.1:" + port), secret);
  }

  /// Sends it signed.
  Answer send(Webhook webhook) {
    return send(webhook, headers(webhook));
  }

  /// Sends it signed; empty when there was no answer at all.
  Optional<Answer> trySend(Webhook webhook) {
    try {
      return Optional.of(send(webhook));
    } catch (UncheckedIOException _) {
      return Optional.empty();
    }
  }

  /// Sends its body with these headers and no other.
  Answer send(Webhook webhook, Map<String, String> headers) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(url())
            .timeout(DEADLINE)
            .POST(BodyPublishers.ofByteArray(webhook.body()));
    headers.forEach(request::header);
    return Http.send(request.build());
  }

  /// The headers that the ingress requires, signature included; a copy to change.
  Map<String, String> headers(Webhook webhook) {
    Map<String, String> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    headers.put("X-GitHub-Event", webhook.event());
    headers.put("X-GitHub-Delivery", webhook.guid());
    headers.put("X-Hub-Signature-256", webhook.signature(secret));
    headers.put("Content-Type", webhook.contentType());
    return headers;
  }

  URI url() {
    return base.resolve("/webhooks/github");
  }
}
