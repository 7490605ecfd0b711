package dev.slipway.ingress.delivery;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Builds one webhook call as GitHub would make it, or worse.
final class Post {
  static final HttpClient HTTP =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  private final byte[] body;
  private final Map<String, @Nullable String> headers = new LinkedHashMap<>();
  private boolean chunked;

  private Post(byte[] body) {
    this.body = body;
    headers.put("X-GitHub-Event", "ping");
    headers.put("X-GitHub-Delivery", UUID.randomUUID().toString());
    headers.put("X-GitHub-Hook-ID", "42");
    headers.put("User-Agent", "GitHub-Hookshot/abc");
    headers.put("Content-Type", "application/json");
    headers.put("X-Hub-Signature-256", sign(TestIngress.SECRET, body));
  }

  static Post json(String body) {
    return new Post(body.getBytes(StandardCharsets.UTF_8));
  }

  static Post bytes(byte[] body) {
    return new Post(body);
  }

  /// @param value null removes the header
  Post with(String header, @Nullable String value) {
    headers.put(header, value);
    return this;
  }

  Post form() {
    return with("Content-Type", "application/x-www-form-urlencoded");
  }

  Post event(String event) {
    return with("X-GitHub-Event", event);
  }

  Post signedWith(String secret) {
    return with("X-Hub-Signature-256", sign(secret, body));
  }

  /// Without a declared length.
  Post chunked() {
    chunked = true;
    return this;
  }

  Answer to(URI ingress) {
    BodyPublisher publisher = BodyPublishers.ofByteArray(body);
    if (chunked) {
      publisher = BodyPublishers.fromPublisher(publisher);
    }
    HttpRequest.Builder request =
        HttpRequest.newBuilder(
                ingress.getPath().isEmpty() ? ingress.resolve("/webhooks/github") : ingress)
            .timeout(Duration.ofSeconds(60))
            .POST(publisher);
    headers.forEach((name, value) -> {
      if (value != null) {
        request.header(name, value);
      }
    });
    try {
      return new Answer(HTTP.send(request.build(), BodyHandlers.ofString()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  static String sign(String secret, byte[] body) {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(secret.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
      return "sha256=" + HexFormat.of().formatHex(mac.doFinal(body));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  /// What came back.
  record Answer(HttpResponse<String> response) {
    int status() {
      return response.statusCode();
    }

    JsonNode json() {
      return JsonMapper.shared().readTree(response.body());
    }

    String deliveryId() {
      return json().path("delivery_id").asString("");
    }

    /// Status and code of a problem, such as `401 invalid_signature`.
    String problem() {
      return status() + " " + json().path("code").asString("");
    }
  }
}
