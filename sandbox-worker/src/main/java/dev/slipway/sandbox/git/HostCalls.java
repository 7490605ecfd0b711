package dev.slipway.sandbox.git;

import dev.slipway.pipeline.security.Secret;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandler;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/// What is asked of a git host beside git itself, without following redirects.
final class HostCalls implements AutoCloseable {
  private static final Duration CONNECT = Duration.ofSeconds(10);

  private final Duration timeout;
  private final HttpClient http =
      HttpClient.newBuilder()
          .followRedirects(HttpClient.Redirect.NEVER)
          .connectTimeout(CONNECT)
          .build();

  /// @param timeout of each call
  HostCalls(Duration timeout) {
    this.timeout = timeout;
  }

  /// Has a request speak as git does.
  ///
  /// @param credential null: as anybody
  static void authorize(HttpRequest.Builder request, @Nullable Secret credential) {
    if (credential != null) {
      String pair = "x-access-token:" + credential.value();
      var _ =
          request.header(
              "Authorization",
              "Basic " + Base64.getEncoder().encodeToString(pair.getBytes(StandardCharsets.UTF_8)));
    }
  }

  <T> HttpResponse<T> send(HttpRequest.Builder request, BodyHandler<T> body)
      throws InterruptedException {
    CompletableFuture<HttpResponse<T>> answer = http.sendAsync(request.build(), body);
    try {
      return answer.get(timeout.toSeconds(), TimeUnit.SECONDS);
    } catch (TimeoutException _) {
      boolean _ = answer.cancel(true);
      throw new GitException(GitCode.TIMEOUT, "The git host did not answer in time.");
    } catch (ExecutionException e) {
      if (e.getCause() instanceof IOException) {
        throw new GitException(
            GitCode.UNAVAILABLE, "The git host cannot be reached, or broke off.");
      }
      throw new IllegalStateException(e.getCause());
    } catch (InterruptedException e) {
      boolean _ = answer.cancel(true);
      throw e;
    }
  }

  @Override
  public void close() {
    http.shutdownNow();
  }
}
