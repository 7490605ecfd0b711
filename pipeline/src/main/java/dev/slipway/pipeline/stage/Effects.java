package dev.slipway.pipeline.stage;

import dev.slipway.pipeline.core.AggregateId;
import dev.slipway.pipeline.core.Link;
import dev.slipway.pipeline.stage.Deadlines.Deadline;
import dev.slipway.pipeline.stage.StateStore.Change;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// What follows from the states of a turn: links and deadlines that are not what they were.
record Effects(
    List<Links.Row> linksGone,
    List<Links.Row> linksMade,
    List<Deadline> deadlinesSet,
    List<Deadline> deadlinesRemoved,
    List<Deadline> deadlinesDisarmed) {

  /// @param fired deadlines that were due: one that the state still has is disarmed
  static <S, I, E> Effects of(
      Stage<S, I, E> stage,
      Aggregates<S, I, E> aggregates,
      List<Change<S, E>> changes,
      Set<Deadline> fired,
      Instant now) {
    var effects =
        new Effects(
            new ArrayList<>(),
            new ArrayList<>(),
            new ArrayList<>(),
            new ArrayList<>(),
            new ArrayList<>());
    for (Change<S, E> change : changes) {
      effects.links(stage, aggregates, change, now);
      effects.deadlines(
          change.id(), aggregates.deadlines(change.before()), aggregates.deadlines(change.after()));
    }
    for (Deadline deadline : fired) {
      effects.fired(deadline);
    }
    return effects;
  }

  private <S, I, E> void links(
      Stage<S, I, E> stage, Aggregates<S, I, E> aggregates, Change<S, E> change, Instant now) {
    Set<Link> before = aggregates.linksBefore(change);
    Set<Link> after = aggregates.linksAfter(change);
    for (Link link : before) {
      if (!after.contains(link)) {
        linksGone.add(new Links.Row(link, change.id()));
      }
    }
    for (Link link : after) {
      if (!before.contains(link)) {
        linksMade.add(new Links.Row(link, change.id()));
        if (stage.readsOtherSide(link)) {
          deadlinesSet.add(Deadline.of(change.id(), link, now.truncatedTo(ChronoUnit.MICROS)));
        }
      }
    }
  }

  private void deadlines(AggregateId id, Map<String, Instant> before, Map<String, Instant> after) {
    after.forEach((name, at) -> {
      if (!at.equals(before.get(name))) {
        deadlinesSet.add(new Deadline(id, name, at.truncatedTo(ChronoUnit.MICROS)));
      }
    });
    before.forEach((name, at) -> {
      if (!after.containsKey(name)) {
        deadlinesRemoved.add(new Deadline(id, name, at.truncatedTo(ChronoUnit.MICROS)));
      }
    });
  }

  private void fired(Deadline deadline) {
    if (deadline.link().isPresent()) {
      deadlinesRemoved.add(deadline);
    } else if (!names(deadlinesSet, deadline) && !names(deadlinesRemoved, deadline)) {
      deadlinesDisarmed.add(deadline);
    }
  }

  private static boolean names(List<Deadline> deadlines, Deadline one) {
    return deadlines.stream()
        .anyMatch(each -> each.id().equals(one.id()) && each.name().equals(one.name()));
  }

  /// The first deadline that is set; null when none is.
  @Nullable Instant nextDeadline() {
    return deadlinesSet.stream().map(Deadline::at).min(Instant::compareTo).orElse(null);
  }
}
