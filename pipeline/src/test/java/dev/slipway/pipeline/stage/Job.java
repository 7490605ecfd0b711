package dev.slipway.pipeline.stage;

import dev.slipway.pipeline.core.Command;
import dev.slipway.pipeline.core.Operation;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// State of the tests' ordered stage: something that is begun, named, worked on from outside, told
/// of tickets, and given up when its time is over.
///
/// @param log what it was told, in order, so that a loss, a copy and a wrong order all show
/// @param dueAt when it is given up; null when it is not waited for
/// @param silent whether what is due changes nothing
record Job(
    String status,
    @Nullable String name,
    @Nullable String ticket,
    List<String> log,
    @Nullable Instant dueAt,
    boolean silent) {
  static final Job NONE = new Job("NONE", null, null, List.of(), null, false);

  Job {
    log = List.copyOf(log);
  }

  Job with(String entry) {
    var all = new ArrayList<>(log);
    all.add(entry);
    return new Job(status, name, ticket, all, dueAt, silent);
  }

  Job is(String next, @Nullable Instant due) {
    return new Job(next, name, ticket, log, due, silent);
  }

  /// What it can be told.
  sealed interface Told {
    /// Begin, and give up at that time.
    ///
    /// @param silent whether the time that is over changes nothing
    record Begin(@Nullable String name, @Nullable Instant dueAt, boolean silent) implements Told {}

    record Note(String text) implements Told {}

    /// Move the deadline.
    record Extend(Instant dueAt) implements Told {}

    /// Have it worked on, and tell somebody.
    record Work(String what) implements Told {}

    /// Have it worked on under an id that is known.
    record CallAs(UUID id, String what) implements Told {}

    /// An operation is no longer wanted.
    record Stop(UUID id) implements Told {}

    record Worked(String result) implements Told {}

    record WorkFailed(String code) implements Told {}

    record Take(String ticket) implements Told {}

    record News(String news) implements Told {}

    record TimeOver(Instant at) implements Told {}

    record Taken() implements Told {}
  }

  /// What it is the fold of.
  sealed interface Happened {
    record Begun(@Nullable String name, @Nullable Instant dueAt, boolean silent)
        implements Happened {}

    record Noted(String text) implements Happened {}

    record Extended(Instant dueAt) implements Happened {}

    record TicketTaken(String ticket) implements Happened {}

    record Ended(String status) implements Happened {}

    /// Folded, not published.
    record Touched(String text) implements Happened {}
  }

  /// Tells another service.
  record Tell(String what) implements Command {}

  /// Calls the outside.
  record Call(Optional<UUID> id, String what) implements Operation {}
}
