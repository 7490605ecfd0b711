package dev.slipway.web;

import dev.slipway.pipeline.error.RetryableException;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.springframework.http.ResponseEntity;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Mono;

/// `Prefer: wait=N` (RFC 7240 §4.3): the answer is held back until its resource is settled, at most
/// N seconds.
public final class PreferredWait {
  private static final Duration LONGEST = Duration.ofMinutes(2);
  private static final Duration FIRST_PAUSE = Duration.ofMillis(100);
  private static final Duration LONGEST_PAUSE = Duration.ofMillis(500);

  /// One preference of a list: a name, a value that may be quoted, and parameters.
  private static final Pattern WAIT =
      Pattern.compile("(?i)\\s*wait\\s*=\\s*\"?([0-9]{1,9})\"?\\s*(;.*)?");

  private PreferredWait() {}

  /// How long the client wants to wait; zero when it says nothing that can be read, which a
  /// preference may.
  public static Duration of(ServerWebExchange exchange) {
    return exchange.getRequest().getHeaders().getOrEmpty("Prefer").stream()
        .flatMap(header -> List.of(header.split(",", -1)).stream())
        .map(WAIT::matcher)
        .filter(Matcher::matches)
        .findFirst()
        .map(wait -> Duration.ofSeconds(Long.parseLong(wait.group(1))))
        .map(wait -> wait.compareTo(LONGEST) > 0 ? LONGEST : wait)
        .orElse(Duration.ZERO);
  }

  /// Holds an answer back.
  ///
  /// @param answer if the resource does not settle in time, or cannot be looked at
  /// @param look reads what is committed: the answer of a resource that is settled, else empty;
  ///   asked again after pauses of 100 to 500 ms
  public static Mono<ResponseEntity<?>> answer(
      ServerWebExchange exchange,
      ResponseEntity<?> answer,
      Supplier<? extends Mono<? extends ResponseEntity<?>>> look) {
    return of(exchange).isZero() ? Mono.just(answer) : held(exchange, () -> answer, look);
  }

  /// The id of what an answer's `Location` leads to.
  public static UUID idAt(ResponseEntity<?> answer) {
    String location = String.valueOf(answer.getHeaders().getLocation());
    return UUID.fromString(location.substring(location.lastIndexOf('/') + 1));
  }

  /// Reads a resource, at once or when it is settled.
  ///
  /// @param read its answer of now; how the first one fails is the answer, too
  /// @return what was read last, if it does not settle in time
  public static <T> Mono<ResponseEntity<?>> read(
      ServerWebExchange exchange, Supplier<Mono<ResponseEntity<T>>> read, Predicate<T> isSettled) {
    var newest = new AtomicReference<ResponseEntity<?>>();
    Predicate<ResponseEntity<T>> isLast =
        answer -> isSettled.test(Objects.requireNonNull(answer.getBody()));
    return read.get()
        .doOnNext(newest::set)
        .flatMap(now ->
            of(exchange).isZero() || isLast.test(now)
                ? Mono.just(now)
                : held(
                    exchange,
                    () -> Objects.requireNonNull(newest.get()),
                    () -> read.get().doOnNext(newest::set).filter(isLast)));
  }

  private static Mono<ResponseEntity<?>> held(
      ServerWebExchange exchange,
      Supplier<ResponseEntity<?>> otherwise,
      Supplier<? extends Mono<? extends ResponseEntity<?>>> look) {
    long end = System.nanoTime() + of(exchange).toNanos();
    // no look is broken off: whoever runs it would have to throw away what it reads
    return Mono.<ResponseEntity<?>>defer(() -> look.get().map(settled -> settled))
        .repeatWhenEmpty(rounds ->
            rounds
                .takeWhile(_ -> System.nanoTime() - end < 0)
                .concatMap(round -> Mono.delay(pause(round, end))))
        .switchIfEmpty(Mono.fromSupplier(otherwise))
        .onErrorResume(RetryableException.class, _ -> Mono.fromSupplier(otherwise));
  }

  private static Duration pause(long round, long end) {
    Duration left = Duration.ofNanos(Math.max(0, end - System.nanoTime()));
    Duration pause = FIRST_PAUSE.multipliedBy(1 + round / 10);
    return Stream.of(pause, LONGEST_PAUSE, left).min(Comparator.naturalOrder()).orElse(left);
  }
}
