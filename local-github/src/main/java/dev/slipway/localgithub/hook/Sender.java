package dev.slipway.localgithub.hook;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.slipway.localgithub.hook.Delivery.Outcome;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpTimeoutException;
import java.security.GeneralSecurityException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/// Sends deliveries, each once and without waiting for others.
final class Sender implements AutoCloseable {
  /// What a receiver gets to answer.
  private static final Duration DEADLINE = Duration.ofSeconds(10);

  private static final int LARGEST_ANSWER = 1 << 20;

  private final HttpClient client = client().build();

  /// For hooks that take any certificate.
  private final HttpClient trusting = client().sslContext(AnyCertificate.context()).build();

  private final Duration deadline;
  private final Clock clock;

  Sender(Clock clock) {
    this(clock, DEADLINE);
  }

  Sender(Clock clock, Duration deadline) {
    this.clock = clock;
    this.deadline = deadline;
  }

  private static HttpClient.Builder client() {
    return HttpClient.newBuilder()
        .version(HttpClient.Version.HTTP_1_1)
        .followRedirects(HttpClient.Redirect.NEVER)
        .connectTimeout(DEADLINE);
  }

  /// Sends one.
  ///
  /// @return what comes of it, which is never a failure of ours
  CompletableFuture<Outcome> send(Hook hook, Delivery delivery) {
    byte[] body = body(hook, delivery);
    Map<String, String> headers = headers(hook, delivery, body);
    Instant start = clock.instant();
    String url = hook.config().url();
    HttpRequest request;
    try {
      HttpRequest.Builder builder =
          HttpRequest.newBuilder(URI.create(url))
              .timeout(deadline)
              .POST(BodyPublishers.ofByteArray(body));
      headers.forEach(builder::header);
      request = builder.build();
    } catch (IllegalArgumentException _) {
      return CompletableFuture.completedFuture(
          new Outcome(url, headers, 0, 0, "failed to connect to host", Map.of(), ""));
    }
    CompletableFuture<HttpResponse<byte[]>> sending =
        (hook.config().insecure() ? trusting : client)
            .sendAsync(request, BodyHandlers.limiting(BodyHandlers.ofByteArray(), LARGEST_ANSWER));
    return sending
        .orTimeout(deadline.toMillis(), TimeUnit.MILLISECONDS)
        .handleAsync((response, failure) -> {
          double seconds = Duration.between(start, clock.instant()).toMillis() / 1000.0;
          return response == null
              ? new Outcome(url, headers, seconds, 0, why(failure), Map.of(), "")
              : new Outcome(
                  url,
                  headers,
                  seconds,
                  response.statusCode(),
                  response.statusCode() < 300
                      ? "OK"
                      : "Invalid HTTP Response: " + response.statusCode(),
                  first(response),
                  new String(response.body(), UTF_8));
        });
  }

  private static String why(@Nullable Throwable failure) {
    Throwable cause =
        failure instanceof CompletionException wrapped && wrapped.getCause() != null
            ? wrapped.getCause()
            : failure;
    return cause instanceof TimeoutException || cause instanceof HttpTimeoutException
        ? "timed out"
        : "failed to connect to host";
  }

  private static Map<String, String> first(HttpResponse<?> response) {
    Map<String, String> headers = new LinkedHashMap<>();
    response.headers().map().forEach((name, values) -> headers.put(name, values.getFirst()));
    return headers;
  }

  private static byte[] body(Hook hook, Delivery delivery) {
    return (hook.config().form()
            ? "payload=" + URLEncoder.encode(delivery.payload(), UTF_8)
            : delivery.payload())
        .getBytes(UTF_8);
  }

  private static Map<String, String> headers(Hook hook, Delivery delivery, byte[] body) {
    Map<String, String> headers = new LinkedHashMap<>();
    headers.put("Accept", "*/*");
    headers.put(
        "Content-Type",
        hook.config().form() ? "application/x-www-form-urlencoded" : "application/json");
    headers.put("User-Agent", "GitHub-Hookshot/10ca1ab");
    headers.put("X-GitHub-Delivery", delivery.guid());
    headers.put("X-GitHub-Event", delivery.event());
    headers.put("X-GitHub-Hook-ID", Long.toString(hook.id()));
    headers.put("X-GitHub-Hook-Installation-Target-ID", Long.toString(hook.repository()));
    headers.put("X-GitHub-Hook-Installation-Target-Type", "repository");
    String secret = hook.config().secret();
    if (secret != null) {
      headers.put("X-Hub-Signature", "sha1=" + mac("HmacSHA1", secret, body));
      headers.put("X-Hub-Signature-256", "sha256=" + mac("HmacSHA256", secret, body));
    }
    return headers;
  }

  private static String mac(String algorithm, String secret, byte[] body) {
    try {
      Mac mac = Mac.getInstance(algorithm);
      mac.init(new SecretKeySpec(secret.getBytes(UTF_8), algorithm));
      return HexFormat.of().formatHex(mac.doFinal(body));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("no " + algorithm, e);
    }
  }

  @Override
  public void close() {
    client.shutdownNow();
    trusting.shutdownNow();
  }
}
