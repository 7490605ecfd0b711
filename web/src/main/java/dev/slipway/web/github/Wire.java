package dev.slipway.web.github;

import java.io.IOException;
import java.net.ConnectException;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLHandshakeException;
import org.springframework.http.HttpHeaders;

/// Sends requests and says of each that got no answer whether it left.
///
/// | What happens | [GitHubFailure] |
/// |---|---|
/// | no connection: refused, unknown name, no TLS, no time left for it | `unavailable`, nothing was sent |
/// | the connection breaks, or an interrupt ends the wait | `unavailable`, may have happened |
/// | no answer in time | `timeout`, may have happened |
/// | an answer above the limit | `too_large`, may have happened |
///
/// Nothing happens by a call that only reads.
///
/// Redirects are answers.
final class Wire implements Exchange, AutoCloseable {
  private static final String VERSION = "2022-11-28";

  private final HttpClient http;
  private final Duration timeout;
  private final long answerBytes;
  private final Clock clock;

  Wire(GitHubProperties properties, Clock clock) {
    GitHubProperties.Client client = properties.client();
    this.timeout = client.requestTimeout();
    this.answerBytes = client.answerSize().toBytes();
    this.clock = clock;
    this.http =
        HttpClient.newBuilder()
            // On http:// the JDK would ask for an upgrade to HTTP/2.
            .version(properties.isPlain() ? HttpClient.Version.HTTP_1_1 : HttpClient.Version.HTTP_2)
            .followRedirects(HttpClient.Redirect.NEVER)
            .connectTimeout(client.connectTimeout())
            .executor(command -> Thread.ofVirtual().name("github").start(command))
            .build();
  }

  @Override
  public Received send(Call call) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(call.uri())
            .header("X-GitHub-Api-Version", VERSION)
            .header("User-Agent", "slipway");
    call.as()
        .token()
        .ifPresent(token -> request.header("Authorization", "Bearer " + token.value()));
    if (!call.headers().containsHeader(HttpHeaders.ACCEPT)) {
      request.header(HttpHeaders.ACCEPT, "application/vnd.github+json");
    }
    call.headers().forEach((name, values) -> values.forEach(value -> request.header(name, value)));
    byte[] body = call.body();
    if (body == null) {
      request.method(call.method().name(), BodyPublishers.noBody());
    } else {
      request
          .header("Content-Type", "application/json")
          .method(call.method().name(), BodyPublishers.ofByteArray(body));
    }
    HttpResponse<byte[]> response = exchange(call, request.build());
    HttpHeaders headers = new HttpHeaders();
    response.headers().map().forEach(headers::addAll);
    return new Received(call, response.statusCode(), headers, response.body(), clock.instant());
  }

  private HttpResponse<byte[]> exchange(Call call, HttpRequest request) {
    CompletableFuture<HttpResponse<byte[]>> response =
        http.sendAsync(request, BodyHandlers.limiting(BodyHandlers.ofByteArray(), answerBytes));
    try {
      return response.get(timeout.toNanos(), TimeUnit.NANOSECONDS);
    } catch (TimeoutException e) {
      boolean _ = response.cancel(true);
      throw failed(call, FailureCode.TIMEOUT, "no answer within " + timeout, true, e);
    } catch (InterruptedException e) {
      boolean _ = response.cancel(true);
      Thread.currentThread().interrupt();
      throw failed(call, FailureCode.UNAVAILABLE, "interrupted", true, e);
    } catch (ExecutionException e) {
      throw translated(call, e.getCause() == null ? e : e.getCause());
    }
  }

  private RuntimeException translated(Call call, Throwable failure) {
    if (failure instanceof Error error) {
      throw error;
    }
    if (!(failure instanceof IOException)) {
      return failure instanceof RuntimeException bug ? bug : new IllegalStateException(failure);
    }
    if (isTooLarge(failure)) {
      return new GitHubException(
          GitHubFailure.lasting(
              FailureCode.TOO_LARGE,
              "%s: the answer is larger than %d bytes: raise slipway.github.client.answer-size"
                  .formatted(call.name(), answerBytes),
              call),
          failure);
    }
    boolean wasSent =
        !(failure instanceof ConnectException
            || failure instanceof HttpConnectTimeoutException
            || failure instanceof SSLHandshakeException);
    return failed(
        call,
        FailureCode.UNAVAILABLE,
        wasSent ? "the connection broke" : "no connection: is GITHUB_API_URL right",
        wasSent,
        failure);
  }

  /// The JDK has no type of its own for it; its message ends with the limit.
  private static boolean isTooLarge(Throwable failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (String.valueOf(cause.getMessage()).startsWith("body exceeds capacity")) {
        return true;
      }
    }
    return false;
  }

  private static GitHubException failed(
      Call call, FailureCode code, String why, boolean wasSent, Throwable cause) {
    return new GitHubException(
        new GitHubFailure(
            code, call.name() + ": " + why, true, Duration.ZERO, wasSent && !call.isRead()),
        cause);
  }

  @Override
  public void close() {
    http.shutdownNow();
  }
}
