package dev.slipway.pipeline.avro;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.slipway.pipeline.error.PermanentException;
import dev.slipway.pipeline.error.RetryableException;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/// Calls a registry over HTTP: several addresses in turn, each with a time limit. After all of them
/// failed, calls fail at once for a growing while, so that a registry that is away costs its
/// callers no time-out each and finds no stampede when it comes back.
///
/// | answer | outcome |
/// |---|---|
/// | 2xx | the body |
/// | 404 with Confluent's error code (404xx), 409, 422 | [PermanentException]: it looked, and refuses |
/// | anything else, no answer | next address, then [RetryableException] |
final class RegistryHttp implements AutoCloseable {
  static final Duration MALFORMED_RETRY = Duration.ofSeconds(5);
  private static final String MEDIA_TYPE = "application/vnd.schemaregistry.v1+json";
  private static final long LARGEST_ANSWER_BYTES = 8L * 1024 * 1024;
  private static final Duration FIRST_PAUSE = Duration.ofMillis(200);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(10);

  private final RegistrySettings settings;
  private final HttpClient client;
  private final Object lock = new Object();

  /// Index of the address that answered last.
  private volatile int preferred;

  @GuardedBy("lock")
  private Duration pause = Duration.ZERO;

  @GuardedBy("lock")
  private long pausedUntilNanos;

  RegistryHttp(RegistrySettings settings) {
    this.settings = settings;
    this.client =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(settings.connectTimeout())
            .followRedirects(HttpClient.Redirect.NEVER)
            .build();
  }

  /// Calls the first address that answers.
  ///
  /// @param body null for a GET, else what to POST
  /// @return body of the answer
  String call(String path, @Nullable String body) {
    failFastWhilePaused();
    int first = preferred;
    RetryableException last = null;
    for (int i = 0; i < settings.urls().size(); i++) {
      int index = (first + i) % settings.urls().size();
      try {
        String answer = callOne(index, path, body);
        succeeded(index);
        return answer;
      } catch (PermanentException e) {
        succeeded(index);
        throw e;
      } catch (RetryableException e) {
        if (Thread.currentThread().isInterrupted()) {
          throw e;
        }
        last = e;
      }
    }
    throw failed(last);
  }

  private String callOne(int index, String path, @Nullable String body) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(settings.urls().get(index) + path))
            .header("Accept", MEDIA_TYPE + ", application/json");
    if (!settings.authorization().get(index).isEmpty()) {
      request.header("Authorization", settings.authorization().get(index));
    }
    if (body != null) {
      request.header("Content-Type", MEDIA_TYPE).POST(BodyPublishers.ofString(body));
    }
    HttpResponse<String> response = send(request.build());
    int status = response.statusCode();
    if (status >= 200 && status < 300) {
      return response.body();
    }
    if (status == 409 || status == 422 || (status == 404 && confluent(response.body()))) {
      throw new PermanentException(
          "the schema registry refuses %s: %d".formatted(path, status), null);
    }
    throw new RetryableException(
        status == 401 || status == 403
            ? "the schema registry wants other credentials: %d".formatted(status)
            : "the schema registry answered %d".formatted(status),
        MALFORMED_RETRY,
        null);
  }

  /// A 404 of a proxy, or of a wrong path, says nothing about the schema; the registry's own does.
  private static boolean confluent(String body) {
    return body.contains("\"error_code\"") && body.contains("404");
  }

  private HttpResponse<String> send(HttpRequest request) {
    // The client's own time limit ends with the headers; this one covers the body too.
    CompletableFuture<HttpResponse<String>> answer =
        client.sendAsync(
            request, BodyHandlers.limiting(BodyHandlers.ofString(), LARGEST_ANSWER_BYTES));
    try {
      return answer.get(
          settings.connectTimeout().plus(settings.readTimeout()).toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      answer.cancel(true);
      Thread.currentThread().interrupt();
      throw new RetryableException("interrupted while asking the registry", MALFORMED_RETRY, e);
    } catch (TimeoutException e) {
      answer.cancel(true);
      throw new RetryableException("the schema registry does not answer", MALFORMED_RETRY, e);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof IOException io) {
        throw new RetryableException("the schema registry cannot be reached", MALFORMED_RETRY, io);
      }
      throw new PermanentException("the request to the schema registry is broken", e.getCause());
    }
  }

  private void failFastWhilePaused() {
    synchronized (lock) {
      long left = pausedUntilNanos - System.nanoTime();
      if (!pause.isZero() && left > 0) {
        throw new RetryableException(
            "the schema registry failed a moment ago", Duration.ofNanos(left), null);
      }
    }
  }

  private void succeeded(int index) {
    preferred = index;
    synchronized (lock) {
      pause = Duration.ZERO;
    }
  }

  private RetryableException failed(@Nullable RetryableException last) {
    synchronized (lock) {
      Duration doubled = pause.isZero() ? FIRST_PAUSE : pause.multipliedBy(2);
      pause = doubled.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : doubled;
      long nanos = (long) (pause.toNanos() * ThreadLocalRandom.current().nextDouble(0.5, 1.0));
      pausedUntilNanos = System.nanoTime() + nanos;
      String message = last == null ? "no registry was asked" : String.valueOf(last.getMessage());
      return new RetryableException(message, Duration.ofNanos(nanos), last);
    }
  }

  @Override
  public void close() {
    client.shutdownNow();
  }
}
