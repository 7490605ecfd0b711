package dev.slipway.pipeline.live;

import java.util.Optional;
import org.springframework.http.ResponseEntity;
import reactor.core.publisher.Mono;

/// Tells services where a client should start to listen after it has read a resource: value of the
/// header `Slipway-Cursor`.
///
/// Take it *before* the read. Up to a quarter of a second old, which is safe: the client then gets
/// some events that the resource shows already, and drops them by their sequence.
public final class CursorSource {
  private static final String HEADER = "Slipway-Cursor";

  private final NotificationsLog log;

  CursorSource(NotificationsLog log) {
    this.log = log;
  }

  /// The end of what the tenant's clients may have seen. Never blocks.
  ///
  /// @return empty as long as Kafka has not answered once
  public Optional<String> current(String tenant) {
    return log.extent()
        .map(extent -> {
          int partition = extent.partitionOf(tenant);
          return Cursor.of(extent.topicId(), partition, extent.range(partition).end(), tenant)
              .text();
        });
  }

  /// Reads a resource and sends along where to listen for what happens to it from then on.
  ///
  /// @param read begins after the cursor was taken; empty stays empty
  public <T> Mono<ResponseEntity<T>> answer(String tenant, Mono<T> read) {
    return Mono.defer(() -> {
      Optional<String> cursor = current(tenant);
      return read.map(resource -> {
        var answer = ResponseEntity.ok();
        cursor.ifPresent(text -> answer.header(HEADER, text));
        return answer.body(resource);
      });
    });
  }
}
