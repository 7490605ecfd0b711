package dev.slipway.pipeline.core;

/// A state machine as two pure functions. Deciding on an input that the state already holds answers
/// nothing.
///
/// @param <S> state, an absent aggregate included
/// @param <I> input
/// @param <E> event
public interface Decider<S, I, E> {
  /// The state of an aggregate that nothing has happened to.
  S initial();

  /// What follows from the input in this state.
  Decision<E> decide(S state, I input);

  /// The state after the event: total and without checks, since facts are facts.
  S evolve(S state, Numbered<E> event);
}
