package dev.slipway.web;

import dev.slipway.pipeline.live.CursorSource;
import java.util.Optional;
import org.springframework.http.ResponseEntity;
import reactor.core.publisher.Mono;

/// The header `Slipway-Cursor`: where a client should start to listen after it has read a resource.
public final class SlipwayCursor {
  private static final String HEADER = "Slipway-Cursor";

  private SlipwayCursor() {}

  /// Reads a resource and sends along where to listen for what happens to it from then on.
  ///
  /// @param read begins after the cursor was taken; empty stays empty
  public static <T> Mono<ResponseEntity<T>> answer(
      CursorSource cursors, String tenant, Mono<T> read) {
    return Mono.defer(() -> {
      Optional<String> cursor = cursors.current(tenant);
      return read.map(resource -> {
        var answer = ResponseEntity.ok();
        cursor.ifPresent(text -> answer.header(HEADER, text));
        return answer.body(resource);
      });
    });
  }
}
