package dev.slipway.web.github;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.util.List;
import java.util.Optional;
import org.springframework.http.HttpHeaders;

/// Asks again only for what has changed: GitHub does not count an answer that says it has not. What
/// was read is kept under who read it, up to so many bytes.
final class Conditional implements Exchange {
  private static final int NOT_MODIFIED = 304;

  /// What an answer takes besides its body, roughly.
  private static final int OVERHEAD = 2_048;

  private final Exchange next;
  private final Cache<Key, Received> kept;

  private record Key(String caller, String uri, List<String> accept) {}

  Conditional(Exchange next, long mostBytes) {
    this.next = next;
    this.kept =
        Caffeine.newBuilder()
            .maximumWeight(mostBytes)
            // what is too much is gone when the call ends, not some time after
            .executor(Runnable::run)
            .weigher((Key _, Received answer) -> answer.body().length + OVERHEAD)
            .build();
  }

  @Override
  public Received send(Call call) {
    if (!call.isRead()) {
      return next.send(call);
    }
    Key key =
        new Key(
            call.as().cacheKey(),
            call.uri().toString(),
            call.headers().getOrEmpty(HttpHeaders.ACCEPT));
    Received known = kept.getIfPresent(key);
    Optional<String> etag =
        Optional.ofNullable(known).flatMap(answer -> answer.header(HttpHeaders.ETAG));
    Received answer =
        next.send(etag.map(value -> call.with(HttpHeaders.IF_NONE_MATCH, value)).orElse(call));
    if (answer.status() == NOT_MODIFIED && known != null) {
      return unchanged(known, answer);
    }
    if (answer.status() == 200 && answer.header(HttpHeaders.ETAG).isPresent()) {
      kept.put(key, answer);
    }
    return answer;
  }

  /// What was read before, as of now: that it is so still is what this answer says.
  private static Received unchanged(Received known, Received now) {
    HttpHeaders headers = new HttpHeaders();
    headers.addAll(known.headers());
    headers.remove(HttpHeaders.DATE);
    now.header(HttpHeaders.DATE).ifPresent(date -> headers.set(HttpHeaders.DATE, date));
    return new Received(now.call(), known.status(), headers, known.body(), now.at());
  }
}
