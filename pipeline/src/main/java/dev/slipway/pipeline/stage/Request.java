package dev.slipway.pipeline.stage;

import dev.slipway.pipeline.core.AggregateId;
import dev.slipway.pipeline.core.Numbered;
import java.util.List;
import java.util.UUID;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// What a caller wants of an aggregate.
///
/// @param key makes it repeatable: the first answer is everybody's; null when it is not to be
///   repeated
/// @param aggregate whom it is for; a creation makes the key of the request's id
/// @param input what the aggregate is told, given the request's id
/// @param answering makes the answer where the request is decided
public record Request<S, I, E>(
    @Nullable Key key,
    Function<UUID, AggregateId> aggregate,
    Function<UUID, I> input,
    Answering<S, E> answering) {

  /// Of an aggregate that is there.
  public static <S, I, E> Request<S, I, E> of(
      @Nullable Key key, AggregateId aggregate, I input, Answering<S, E> answering) {
    return new Request<>(key, _ -> aggregate, _ -> input, answering);
  }

  /// An `Idempotency-Key`.
  ///
  /// @param id of tenant, subject, route and key together
  /// @param bodySha256 of the request's body: another one under the same key is refused
  @SuppressWarnings("ArrayRecordComponent") // never compared as a record
  public record Key(UUID id, String tenant, byte[] bodySha256) {}

  /// Makes an answer. What it throws is the answer too, and then nothing happened.
  @FunctionalInterface
  public interface Answering<S, E> {
    Answer answer(Decided<S, E> decided);
  }

  /// What became of a request.
  ///
  /// @param state after it
  /// @param version of the aggregate after it
  /// @param rejected whether it could not be
  /// @param conflict whether it could not be because another has the id or the link
  public record Decided<S, E>(
      AggregateId id,
      S state,
      long version,
      List<Numbered<E>> events,
      boolean rejected,
      boolean conflict) {}

  /// An answer as it is kept.
  ///
  /// @param location value of the header; null for none
  public record Answer(int status, @Nullable String location, String body) {}
}
