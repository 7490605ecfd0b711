package dev.slipway.pipeline.stage;

import dev.slipway.pipeline.core.AggregateId;
import dev.slipway.pipeline.core.Cause;
import dev.slipway.pipeline.core.Decision;
import dev.slipway.pipeline.core.Link;
import dev.slipway.pipeline.core.Numbered;
import dev.slipway.pipeline.publish.OutboxRecord;
import dev.slipway.pipeline.stage.Operations.Cancelled;
import dev.slipway.pipeline.stage.Operations.Wanted;
import dev.slipway.pipeline.stage.StateStore.Asked;
import dev.slipway.pipeline.stage.StateStore.Change;
import dev.slipway.pipeline.stage.StateStore.Chapter;
import dev.slipway.pipeline.stage.StateStore.Loaded;
import dev.slipway.pipeline.stage.StateStore.Stored;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// The aggregates of a batch while it is decided: their states, the numbers of what follows, and by
/// which links they are found. Used once, by one thread.
final class Aggregates<S, I, E> {
  private final Stage<S, I, E> stage;
  private final Mode mode;
  private final Numbering<S, E> numbering;
  private final Loaded<S> loaded;
  private final Map<Link, Optional<AggregateId>> owners;

  // CONFINED: to the fold that it belongs to, as all that follow
  private final Map<AggregateId, Current<S, E>> current = new LinkedHashMap<>();
  private final Map<Link, Set<AggregateId>> linked = new HashMap<>();
  private final Set<Link> unknownOwners = new HashSet<>();
  private final List<OutboxRecord> outputs = new ArrayList<>();
  private final List<Wanted> wanted = new ArrayList<>();
  private final List<Cancelled> cancelled = new ArrayList<>();

  /// @param owners who has exclusive links, as far as it was read
  Aggregates(
      Stage<S, I, E> stage, Mode mode, Loaded<S> loaded, Map<Link, Optional<AggregateId>> owners) {
    this.stage = stage;
    this.mode = mode;
    this.numbering = new Numbering<>(stage, mode.isSilent());
    this.loaded = loaded;
    this.owners = owners;
    loaded
        .states()
        .forEach((id, stored) -> links(id, stored.state()).forEach(link -> add(link, id)));
  }

  /// An aggregate as far as it has come.
  ///
  /// @param events grows while the aggregate is told more
  /// @param chapters likewise
  private record Current<S, E>(
      S state, long version, List<Numbered<E>> events, List<Chapter<E>> chapters) {}

  /// What a decision comes to, not yet taken.
  record Step<S, E>(
      AggregateId id,
      Cause cause,
      S after,
      long version,
      List<Numbered<E>> events,
      List<OutboxRecord> outputs,
      List<Wanted> wanted,
      List<Cancelled> cancelled) {
    /// Whether it says anything at all.
    boolean isNothing() {
      return events.isEmpty() && outputs.isEmpty() && wanted.isEmpty() && cancelled.isEmpty();
    }

    private Chapter<E> chapter() {
      return new Chapter<>(
          cause,
          List.copyOf(events),
          Stream.concat(
                  outputs.stream()
                      .filter(record -> record.envelope().sequence() == null) // no event
                      .map(record ->
                          new Asked(
                              record.envelope().id(),
                              record.envelope().type(),
                              record.topic().name())),
                  wanted.stream().map(one -> new Asked(one.id(), one.kind(), null)))
              .toList());
    }
  }

  S state(AggregateId id) {
    Current<S, E> now = current.get(id);
    if (now != null) {
      return now.state;
    }
    Stored<S> stored = loaded.states().get(id);
    return stored == null ? stage.decider().initial() : stored.state();
  }

  long version(AggregateId id) {
    Current<S, E> now = current.get(id);
    if (now != null) {
      return now.version;
    }
    Stored<S> stored = loaded.states().get(id);
    return stored == null ? 0 : stored.version();
  }

  /// Those that have this link now.
  Set<AggregateId> linked(Link link) {
    return Set.copyOf(linked.getOrDefault(link.name(), Set.of()));
  }

  /// What the decider says to an input; nothing is taken yet.
  ///
  /// @throws EffectsInReplayException when it asks for what a replay must not do
  Decision<E> decide(AggregateId id, I input) {
    Decision<E> decision = stage.decider().decide(state(id), input);
    if (!mode.takesEffects()
        && !(decision.commands().isEmpty()
            && decision.operations().isEmpty()
            && decision.cancelled().isEmpty())) {
      throw new EffectsInReplayException();
    }
    return decision;
  }

  /// Numbers what a decision says.
  Step<S, E> step(AggregateId id, Cause cause, Decision<E> decision) {
    return numbering.step(id, state(id), version(id), cause, decision);
  }

  /// Decides and takes what comes of it, unless that is a conflict.
  ///
  /// @return whether the state is another one now
  boolean apply(AggregateId id, Cause cause, I input) {
    Step<S, E> step = step(id, cause, decide(id, input));
    return !isConflict(step) && take(step);
  }

  /// Whether a step would give the aggregate an id or a link that another has. Who has a link may
  /// have to be asked first: see [#unknownOwners].
  boolean isConflict(Step<S, E> step) {
    if (step.isNothing()) {
      return false;
    }
    if (loaded.taken().contains(step.id()) && stage.states().isOwner(step.after())) {
      return true;
    }
    Set<Link> before = links(step.id(), state(step.id()));
    for (Link link : links(step.id(), step.after())) {
      if (link.exclusive() && !before.contains(link) && isOwnedByAnother(link, step.id())) {
        return true;
      }
    }
    return false;
  }

  private boolean isOwnedByAnother(Link link, AggregateId id) {
    Set<AggregateId> here = linked(link);
    if (!here.isEmpty()) {
      return !here.equals(Set.of(id));
    }
    Optional<AggregateId> owner = owners.get(link.name());
    if (owner == null) {
      unknownOwners.add(link.name());
      return false;
    }
    // one that was loaded has given it up, else it would be among those that are here
    return owner.isPresent()
        && !owner.get().equals(id)
        && !loaded.states().containsKey(owner.get());
  }

  /// Takes a step.
  ///
  /// @return whether the state is another one now
  boolean take(Step<S, E> step) {
    S before = state(step.id());
    boolean changed = !step.after().equals(before);
    if (changed) {
      Set<Link> gone = links(step.id(), before);
      Set<Link> made = links(step.id(), step.after());
      gone.forEach(link -> linked.getOrDefault(link.name(), new HashSet<>()).remove(step.id()));
      made.forEach(link -> add(link, step.id()));
    }
    Current<S, E> now = current.get(step.id());
    List<Numbered<E>> events = now == null ? new ArrayList<>() : now.events;
    events.addAll(step.events());
    List<Chapter<E>> chapters = now == null ? new ArrayList<>() : now.chapters;
    if (stage.states().keepsStory() && !step.isNothing()) {
      chapters.add(step.chapter());
    }
    current.put(step.id(), new Current<>(step.after(), step.version(), events, chapters));
    outputs.addAll(step.outputs());
    wanted.addAll(step.wanted());
    cancelled.addAll(step.cancelled());
    return changed;
  }

  private void add(Link link, AggregateId id) {
    linked.computeIfAbsent(link.name(), _ -> new LinkedHashSet<>()).add(id);
  }

  private Set<Link> links(AggregateId id, S state) {
    Stage.Links<S, I> links = stage.links();
    return links == null ? Set.of() : links.of().apply(id, state);
  }

  /// Exclusive links whose owner must be read before it can be said who may have them.
  Set<Link> unknownOwners() {
    return Set.copyOf(unknownOwners);
  }

  /// Records to publish, in the order in which they were decided.
  List<OutboxRecord> outputs() {
    return List.copyOf(outputs);
  }

  List<Wanted> wanted() {
    return List.copyOf(wanted);
  }

  List<Cancelled> cancelled() {
    return List.copyOf(cancelled);
  }

  /// States to write.
  List<Change<S, E>> changes() {
    var changes = new ArrayList<Change<S, E>>();
    current.forEach((id, now) -> {
      Stored<S> before = loaded.states().get(id);
      S was = before == null ? stage.decider().initial() : before.state();
      long wasAt = before == null ? 0 : before.version();
      // one that went back to what it was need not be written
      if (!now.state.equals(was) || now.version != wasAt) {
        changes.add(
            new Change<>(
                id, before, new Stored<>(now.state, now.version), now.events, now.chapters));
      }
    });
    return List.copyOf(changes);
  }

  /// Links before and after a change.
  Set<Link> linksBefore(Change<S, E> change) {
    Stored<S> before = change.before();
    return before == null ? Set.of() : links(change.id(), before.state());
  }

  Set<Link> linksAfter(Change<S, E> change) {
    return links(change.id(), change.after().state());
  }

  /// What an aggregate waits for.
  ///
  /// @param state null when there is none yet
  Map<String, Instant> deadlines(@Nullable Stored<S> state) {
    Stage.Deadlines<S, I> deadlines = stage.deadlines();
    return deadlines == null || state == null ? Map.of() : deadlines.of().apply(state.state());
  }
}
