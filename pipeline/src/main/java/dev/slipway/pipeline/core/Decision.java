package dev.slipway.pipeline.core;

import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/// What a decider answers: facts, in order, and what is to be asked of others because of them. The
/// new state is always the fold of the facts, never returned beside them. It knows no ids: the
/// kernel numbers what is in it.
///
/// @param events facts that follow from the input; empty when the input changes nothing
/// @param commands wishes for other features and services
/// @param operations calls to the outside that a worker makes
/// @param cancelled ids of earlier operations of the aggregate that are no longer wanted: each
///   still ends with an outcome, which says what there was
/// @param rejected whether the input is valid but cannot be; an event says so where nobody waits
///   for an answer
public record Decision<E>(
    List<E> events,
    List<Command> commands,
    List<Operation> operations,
    List<UUID> cancelled,
    boolean rejected) {
  public Decision {
    events = List.copyOf(events);
    commands = List.copyOf(commands);
    operations = List.copyOf(operations);
    cancelled = List.copyOf(cancelled);
  }

  /// The input changes nothing.
  public static <E> Decision<E> nothing() {
    return of(List.of());
  }

  /// One fact follows.
  public static <E> Decision<E> of(E event) {
    return of(List.of(event));
  }

  /// These facts follow.
  public static <E> Decision<E> of(List<E> events) {
    return new Decision<>(events, List.of(), List.of(), List.of(), false);
  }

  /// The input cannot be, and this event says so.
  public static <E> Decision<E> rejected(E event) {
    return new Decision<>(List.of(event), List.of(), List.of(), List.of(), true);
  }

  /// The input cannot be: whoever waits for the answer is told.
  public static <E> Decision<E> rejection() {
    return new Decision<>(List.of(), List.of(), List.of(), List.of(), true);
  }

  /// And this is to be called.
  public Decision<E> with(Operation operation) {
    return new Decision<>(events, commands, and(operations, operation), cancelled, rejected);
  }

  /// And this is wished.
  public Decision<E> with(Command command) {
    return new Decision<>(events, and(commands, command), operations, cancelled, rejected);
  }

  /// And this operation is no longer wanted.
  public Decision<E> cancelling(UUID operation) {
    return new Decision<>(events, commands, operations, and(cancelled, operation), rejected);
  }

  /// Whether nothing follows from the input.
  public boolean isNothing() {
    return events.isEmpty() && commands.isEmpty() && operations.isEmpty() && cancelled.isEmpty();
  }

  private static <T> List<T> and(List<T> list, T one) {
    var all = new ArrayList<>(list);
    all.add(one);
    return all;
  }
}
