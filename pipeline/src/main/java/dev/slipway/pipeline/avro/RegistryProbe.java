package dev.slipway.pipeline.avro;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Map;
import java.util.stream.IntStream;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/// Asks the registry whether it is there, without blocking: one that is stopped takes connections
/// and never answers.
public final class RegistryProbe implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofMillis(1_500);

  /// The least that every registry with Confluent's API can be asked.
  private static final String PATH = "/schemas/types";

  private final RegistrySettings settings;
  private final HttpClient client;

  /// What came of it, from bad to good.
  public enum Answer {
    /// None of the addresses answers.
    NONE,
    /// It wants other credentials.
    REFUSED,
    GIVEN
  }

  /// @param settings of the serde
  public RegistryProbe(Map<String, ?> settings) {
    this.settings = RegistrySettings.from(settings);
    this.client =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(PATIENCE)
            .followRedirects(HttpClient.Redirect.NEVER)
            .build();
  }

  /// The best answer of all addresses.
  public Mono<Answer> ask() {
    return Flux.fromStream(() -> IntStream.range(0, settings.urls().size()).boxed())
        .flatMap(this::ask, settings.urls().size())
        .reduce((one, other) -> one.compareTo(other) > 0 ? one : other);
  }

  private Mono<Answer> ask(int index) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(settings.urls().get(index) + PATH)).timeout(PATIENCE);
    if (!settings.authorization().get(index).isEmpty()) {
      request.header("Authorization", settings.authorization().get(index));
    }
    return Mono.fromFuture(() -> client.sendAsync(request.build(), BodyHandlers.discarding()))
        .map(response -> answer(response.statusCode()))
        .timeout(PATIENCE)
        .onErrorReturn(Answer.NONE);
  }

  /// One that does not know the path is there all the same.
  private static Answer answer(int status) {
    if (status == 401 || status == 403) {
      return Answer.REFUSED;
    }
    return status < 500 ? Answer.GIVEN : Answer.NONE;
  }

  @Override
  public void close() {
    client.shutdownNow();
  }
}
