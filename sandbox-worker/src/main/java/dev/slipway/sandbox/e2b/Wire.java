package dev.slipway.sandbox.e2b;

import dev.slipway.sandbox.provider.FailureCode;
import dev.slipway.sandbox.provider.ProviderRefusedException;
import dev.slipway.sandbox.provider.ProviderUnavailableException;
import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import javax.net.ssl.SSLHandshakeException;
import org.jspecify.annotations.Nullable;
import org.springframework.http.StreamingHttpOutputMessage;
import org.springframework.http.client.ClientHttpResponse;
import org.springframework.http.client.JdkClientHttpRequestFactory;
import org.springframework.web.client.ResourceAccessException;
import org.springframework.web.client.RestClient;

/// Sends requests and says of each that got no answer whether it left.
///
/// | What happens | [ProviderUnavailableException] |
/// |---|---|
/// | no connection: refused, unknown name, no TLS, no time left for it | `unavailable`, nothing was sent |
/// | the connection breaks, or an interrupt ends the wait | `unavailable`, may have happened |
/// | no answer in time | `timeout`, may have happened |
///
/// An answer above the limit is refused as `too_large`. Redirects are answers: credentials go to
/// nobody else.
final class Wire implements AutoCloseable {
  private static final int ERROR_BYTES = 65_536;

  private final String name;
  private final HttpClient http;
  private final RestClient client;
  private final int answerBytes;

  /// @param name of the other side, for messages
  /// @param answerBytes of the largest answer that is read whole
  Wire(String name, URI base, Duration connectTimeout, int answerBytes) {
    Executor threads = command -> Thread.ofVirtual().name("e2b").start(command);
    this.name = name;
    this.answerBytes = answerBytes;
    this.http =
        HttpClient.newBuilder()
            // On http:// the JDK would ask for an upgrade to HTTP/2.
            .version(
                "http".equals(base.getScheme())
                    ? HttpClient.Version.HTTP_1_1
                    : HttpClient.Version.HTTP_2)
            .followRedirects(HttpClient.Redirect.NEVER)
            .connectTimeout(connectTimeout)
            .executor(threads)
            .build();
    var requests = new JdkClientHttpRequestFactory(http, threads);
    // A range of a compressed file is not that range of the file.
    requests.enableCompression(false);
    this.client = RestClient.builder().requestFactory(requests).build();
  }

  /// Sends it and reads the whole answer.
  Answer ask(Call call, Duration limit) {
    return within(limit, () -> 0, call, () -> answer(call, send(call, null)), _ -> {});
  }

  /// Sends a stream as the body and reads the whole answer.
  ///
  /// @param limit without progress
  /// @param progress changes as long as the upload gets on
  Answer upload(
      Call call, StreamingHttpOutputMessage.Body content, Duration limit, LongSupplier progress) {
    return within(limit, progress, call, () -> answer(call, send(call, content)), _ -> {});
  }

  /// Sends it and hands over the answer once `read` has what it needs of its beginning.
  ///
  /// @param read makes a result that closes the body, or has closed it
  /// @param discard closes a result that came too late
  <T> T open(Call call, Duration limit, Reading<T> read, Consumer<T> discard) {
    return within(
        limit,
        () -> 0,
        call,
        () -> {
          ClientHttpResponse response = send(call, null);
          boolean isHandedOver = false;
          try {
            T result = read.apply(response);
            isHandedOver = true;
            return result;
          } finally {
            if (!isHandedOver) {
              response.getBody().close();
            }
          }
        },
        discard);
  }

  /// The answer, whole; of an error only its beginning.
  Answer answer(Call call, ClientHttpResponse response) throws IOException {
    // Not the response: closing that reads a body to its end, however long.
    try (InputStream body = response.getBody()) {
      int status = response.getStatusCode().value();
      if (status >= 400) {
        return new Answer(status, response.getHeaders(), body.readNBytes(ERROR_BYTES));
      }
      byte[] bytes = body.readNBytes(answerBytes + 1);
      if (bytes.length > answerBytes) {
        throw new ProviderRefusedException(
            FailureCode.TOO_LARGE,
            "cannot %s: the answer is larger than %d bytes: ask for less or raise"
                    .formatted(call.what(), answerBytes)
                + " slipway.e2b.answer-size",
            true,
            null);
      }
      return new Answer(status, response.getHeaders(), bytes);
    }
  }

  private ClientHttpResponse send(Call call, StreamingHttpOutputMessage.@Nullable Body content) {
    RestClient.RequestBodySpec request =
        client.method(call.method()).uri(call.uri()).headers(all -> all.putAll(call.headers()));
    byte[] body = call.body();
    if (content != null) {
      request.body(content);
    } else if (body != null) {
      request.contentLength(body.length).body(out -> out.write(body));
    }
    return request.exchangeForRequiredValue((_, response) -> response, false);
  }

  /// The exchange runs on a thread of its own, so that giving up interrupts nobody else's work and
  /// a result that comes too late is closed, not lost.
  private <T> T within(
      Duration limit, LongSupplier progress, Call call, Exchange<T> exchange, Consumer<T> discard) {
    var outcome = new CompletableFuture<T>();
    Thread thread =
        Thread.ofVirtual().name("e2b " + call.what()).start(() -> run(outcome, exchange, discard));
    try {
      while (true) {
        long before = progress.getAsLong();
        try {
          return outcome.get(limit.toNanos(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException _) {
          if (progress.getAsLong() == before && outcome.cancel(false)) {
            thread.interrupt();
            throw unavailable(FailureCode.TIMEOUT, call, "no answer within " + limit, true, null);
          }
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      if (outcome.cancel(false)) {
        thread.interrupt();
      } else {
        discardResult(outcome, discard);
      }
      throw unavailable(FailureCode.UNAVAILABLE, call, "interrupted", true, e);
    } catch (ExecutionException e) {
      throw translated(call, e.getCause() == null ? e : e.getCause());
    }
  }

  // A bug or a lack of memory reaches the caller, as it is.
  private static <T> void run(
      CompletableFuture<T> outcome, Exchange<T> exchange, Consumer<T> discard) {
    try {
      T result = exchange.run();
      if (!outcome.complete(result)) {
        discard.accept(result);
      }
    } catch (Throwable e) {
      outcome.completeExceptionally(e);
    }
  }

  private static <T> void discardResult(CompletableFuture<T> outcome, Consumer<T> discard) {
    if (outcome.state() == Future.State.SUCCESS) {
      discard.accept(outcome.resultNow());
    }
  }

  private RuntimeException translated(Call call, Throwable failure) {
    if (failure instanceof IOException || failure instanceof ResourceAccessException) {
      boolean wasSent = !isBeforeSending(failure);
      return unavailable(
          FailureCode.UNAVAILABLE,
          call,
          wasSent ? "the connection broke" : "no connection",
          wasSent,
          failure);
    }
    if (failure instanceof Error error) {
      throw error;
    }
    return failure instanceof RuntimeException bug ? bug : new IllegalStateException(failure);
  }

  private ProviderUnavailableException unavailable(
      FailureCode code, Call call, String why, boolean mayHaveHappened, @Nullable Throwable cause) {
    return new ProviderUnavailableException(
        code,
        "cannot %s: %s: %s".formatted(call.what(), name, why),
        mayHaveHappened,
        Duration.ZERO,
        cause);
  }

  private static boolean isBeforeSending(Throwable failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof ConnectException
          || cause instanceof HttpConnectTimeoutException
          || cause instanceof SSLHandshakeException) {
        return true;
      }
    }
    return false;
  }

  /// Ends what is still under way.
  @Override
  public void close() {
    http.shutdownNow();
  }

  /// From a request to what is made of its answer.
  private interface Exchange<T> {
    T run() throws IOException;
  }

  /// What is made of an answer whose body is still to come.
  interface Reading<T> {
    T apply(ClientHttpResponse response) throws IOException;
  }
}
