package dev.slipway.pipeline.core;

import java.util.List;

/// What a decider answers: facts, in order. The new state is always their fold, never returned
/// beside them.
///
/// @param events facts that follow from the input; empty when the input changes nothing
/// @param rejected whether the input is valid but cannot be; an event says so where somebody waits
///   for an answer
public record Decision<E>(List<E> events, boolean rejected) {
  public Decision {
    events = List.copyOf(events);
  }

  /// The input changes nothing.
  public static <E> Decision<E> nothing() {
    return new Decision<>(List.of(), false);
  }

  /// One fact follows.
  public static <E> Decision<E> of(E event) {
    return new Decision<>(List.of(event), false);
  }

  /// The input cannot be, and this event says so.
  public static <E> Decision<E> rejected(E event) {
    return new Decision<>(List.of(event), true);
  }
}
