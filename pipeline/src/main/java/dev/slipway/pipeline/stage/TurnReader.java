package dev.slipway.pipeline.stage;

import dev.slipway.pipeline.core.AggregateId;
import dev.slipway.pipeline.core.Link;
import dev.slipway.pipeline.database.Columns;
import dev.slipway.pipeline.database.Flight;
import dev.slipway.pipeline.database.Flight.Answer;
import dev.slipway.pipeline.database.Transaction;
import dev.slipway.pipeline.stage.Claims.KnownRequest;
import dev.slipway.pipeline.stage.DeadLetterRows.Head;
import dev.slipway.pipeline.stage.Deadlines.Deadline;
import dev.slipway.pipeline.stage.LinkedReader.Found;
import dev.slipway.pipeline.stage.StateStore.Loaded;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.apache.kafka.common.TopicPartition;

/// The first flights of a stage transaction: locks, claims and reads all that a turn is about.
final class TurnReader<S, I, E> {
  private final Stage<S, I, E> stage;
  private final Positions positions;
  private final Mode mode;
  private final Claims claims;
  private final Links links;
  private final Deadlines deadlines;
  private final Operations operations;
  private final DeadLetterRows deadLetters;

  TurnReader(Stage<S, I, E> stage, short stageId, Positions positions, Mode mode) {
    this.stage = stage;
    this.positions = positions;
    this.mode = mode;
    this.claims = new Claims(stageId);
    this.links = new Links(stageId);
    this.deadlines = new Deadlines(stageId);
    this.operations = new Operations(stageId);
    this.deadLetters = new DeadLetterRows(stageId);
  }

  /// What was read, and what of the turn is left to decide.
  ///
  /// @param positions as they were locked
  record Read<S, I, E>(
      Turn<S, I, E> turn, Map<TopicPartition, Position> positions, Fold.Reads<S, I> reads) {}

  Read<S, I, E> read(Transaction transaction, Turn<S, I, E> offered) {
    Claimed claimed = transaction.send(flight -> claim(flight, offered)).get();
    Turn<S, I, E> turn = trimmed(offered, claimed.positions);
    return read(transaction, turn, claimed, mode.isForced() ? ids(turn) : claimed.ours);
  }

  /// Reads for a record that waited, which stands before the positions.
  ///
  /// @param turn the record alone
  Read<S, I, E> read(Transaction transaction, Turn<S, I, E> turn, Head head) {
    Claimed claimed = transaction.send(flight -> claim(flight, turn, head)).get();
    return read(transaction, turn, claimed, claimed.ours);
  }

  private Read<S, I, E> read(
      Transaction transaction, Turn<S, I, E> turn, Claimed claimed, Set<UUID> ours) {
    Map<Link, Set<AggregateId>> routes = route(transaction, turn, ours);
    SortedMap<AggregateId, List<I>> told = toldByRecords(turn, ours, routes);
    Set<String> lanes = lanes(turn, told.keySet());
    addAsks(turn, told);
    Loading<S, I> loading = transaction.send(flight -> load(flight, turn, told, lanes));
    return new Read<>(
        turn,
        claimed.positions,
        new Fold.Reads<>(
            claimed.now,
            ours,
            claimed.requests,
            loading.states.get(),
            Set.copyOf(loading.standing.get()),
            loading.running.get().stream()
                .collect(Collectors.toMap(LeasedOperation::id, row -> row)),
            Set.copyOf(loading.occupied.get()),
            loading.others()));
  }

  /// Flight (a).
  private Supplier<Claimed> claim(Flight flight, Turn<S, I, E> turn) {
    Answer<List<Instant>> now =
        flight.query(
            "select clock_timestamp() as now", row -> Columns.required(row, "now", Instant.class));
    Answer<List<Map.Entry<TopicPartition, Position>>> locked =
        turn.slices().isEmpty()
            ? null
            : positions.lock(flight, turn.slices().stream().map(Slice::partition).toList());
    Answer<List<UUID>> ours =
        turn.slices().isEmpty() || mode.isForced()
            ? null
            : claims.records(flight, positions, turn.slices());
    var keyed = new HashMap<UUID, Request.Key>();
    var keys = new HashSet<UUID>();
    for (Ask<S, I, E> ask : turn.asks()) {
      if (ask instanceof Ask.Requested<S, I, E> request) {
        Request.Key key = request.request().key();
        // of several under one key the first is the one that is decided
        if (key != null && keys.add(key.id())) {
          keyed.put(request.id(), key);
        }
      }
    }
    Answer<List<KnownRequest>> requests = keyed.isEmpty() ? null : claims.requests(flight, keyed);
    return () ->
        new Claimed(
            now.get().getFirst(),
            locked == null
                ? Map.of()
                : locked.get().stream()
                    .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue)),
            ours == null ? Set.of() : Set.copyOf(ours.get()),
            requests == null
                ? Map.of()
                : requests.get().stream()
                    .collect(Collectors.toMap(KnownRequest::keyId, row -> row)));
  }

  private Supplier<Claimed> claim(Flight flight, Turn<S, I, E> turn, Head head) {
    Answer<List<Instant>> now =
        flight.query(
            "select clock_timestamp() as now", row -> Columns.required(row, "now", Instant.class));
    var _ = positions.lock(flight, List.of(head.partition()));
    deadLetters.lock(flight, head);
    Answer<List<UUID>> ours =
        claims.waiting(flight, head, turn.slices().getFirst().entries().getFirst());
    return () -> new Claimed(now.get().getFirst(), Map.of(), Set.copyOf(ours.get()), Map.of());
  }

  private record Claimed(
      Instant now,
      Map<TopicPartition, Position> positions,
      Set<UUID> ours,
      Map<UUID, KnownRequest> requests) {}

  /// Without what another owner of a partition had already settled, and without partitions whose
  /// position lies before their slice, or in another topic of that name: those must be read again
  /// from there.
  private static <S, I, E> Turn<S, I, E> trimmed(
      Turn<S, I, E> turn, Map<TopicPartition, Position> positions) {
    var slices = new ArrayList<Slice<I>>();
    for (Slice<I> slice : turn.slices()) {
      Position position = positions.get(slice.partition());
      if (position != null && slice.goesOnFrom(position)) {
        slices.add(slice.from(position.next()));
      }
    }
    return new Turn<>(turn.asks(), slices);
  }

  private static Set<UUID> ids(Turn<?, ?, ?> turn) {
    var ids = new HashSet<UUID>();
    turn.slices()
        .forEach(slice ->
            slice
                .entries()
                .forEach(entry -> {
                  UUID id = Claims.id(entry);
                  if (id != null) {
                    ids.add(id);
                  }
                }));
    return ids;
  }

  /// Flight (b).
  private Map<Link, Set<AggregateId>> route(
      Transaction transaction, Turn<S, I, E> turn, Set<UUID> ours) {
    var asked = new LinkedHashSet<Link>();
    forEachInput(
        turn,
        ours,
        input -> {
          if (input.target() instanceof Input.Target.Linked(var wanted)) {
            wanted.forEach(link -> asked.add(link.name()));
          }
        });
    var routes = new HashMap<Link, Set<AggregateId>>();
    if (!asked.isEmpty()) {
      transaction
          .send(flight -> links.owners(flight, asked))
          .get()
          .forEach(row ->
              routes.computeIfAbsent(row.getKey(), _ -> new LinkedHashSet<>()).add(row.getValue()));
    }
    return routes;
  }

  private void forEachInput(Turn<S, I, E> turn, Set<UUID> ours, Consumer<Input<I>> action) {
    for (Slice<I> slice : turn.slices()) {
      for (Entry<I> entry : slice.entries()) {
        switch (entry) {
          case Entry.Decoded<I> decoded when ours.contains(decoded.id()) ->
              action.accept(decoded.input());
          case Entry.Dead<I>(_, var id, _, var decoded, _)
              when decoded != null && ours.contains(id) ->
              action.accept(decoded.input());
          case Entry.Decoded<I> _, Entry.Dead<I> _, Entry.Foreign<I> _ -> {}
        }
      }
    }
  }

  /// What each aggregate is going to be told by the turn's records.
  private SortedMap<AggregateId, List<I>> toldByRecords(
      Turn<S, I, E> turn, Set<UUID> ours, Map<Link, Set<AggregateId>> routes) {
    var told = new TreeMap<AggregateId, List<I>>();
    forEachInput(
        turn,
        ours,
        input -> {
          Collection<AggregateId> targets =
              switch (input.target()) {
                case Input.Target.Aggregate(var id) -> Set.of(id);
                case Input.Target.Linked(var wanted) ->
                    wanted.stream()
                        .flatMap(link -> routes.getOrDefault(link.name(), Set.of()).stream())
                        .collect(Collectors.toCollection(LinkedHashSet::new));
              };
          targets.forEach(
              target -> told.computeIfAbsent(target, _ -> new ArrayList<>()).add(input.value()));
        });
    return told;
  }

  /// Adds what they are told by everything else.
  private void addAsks(Turn<S, I, E> turn, SortedMap<AggregateId, List<I>> told) {
    for (Ask<S, I, E> ask : turn.asks()) {
      switch (ask) {
        case Ask.Requested<S, I, E> request -> {
          AggregateId id = request.request().aggregate().apply(request.id());
          told.computeIfAbsent(id, _ -> new ArrayList<>())
              .add(request.request().input().apply(request.id()));
        }
        case Ask.Due<S, I, E> due -> told.computeIfAbsent(due.aggregate(), _ -> new ArrayList<>());
        case Ask.Ended<S, I, E> outcome -> {
          List<I> inputs = told.computeIfAbsent(outcome.aggregate(), _ -> new ArrayList<>());
          if (outcome.input() != null) {
            inputs.add(outcome.input());
          }
        }
      }
    }
  }

  /// Flight (c).
  private Loading<S, I> load(
      Flight flight, Turn<S, I, E> turn, SortedMap<AggregateId, List<I>> told, Set<String> lanes) {
    Supplier<Loaded<S>> states =
        told.isEmpty() ? () -> Loaded.of(Map.of()) : stage.states().load(flight, told);
    var due = new ArrayList<Deadline>();
    var ended = new ArrayList<UUID>();
    for (Ask<S, I, E> ask : turn.asks()) {
      switch (ask) {
        case Ask.Due<S, I, E>(var id, var name, var at) -> due.add(new Deadline(id, name, at));
        case Ask.Ended<S, I, E> outcome -> ended.add(outcome.operationId());
        case Ask.Requested<S, I, E> _ -> {}
      }
    }
    Answer<List<Deadline>> standing = due.isEmpty() ? null : deadlines.standing(flight, due);
    Answer<List<LeasedOperation>> running = ended.isEmpty() ? null : operations.lock(flight, ended);
    Answer<List<String>> occupied = lanes.isEmpty() ? null : deadLetters.occupied(flight, lanes);
    return new Loading<>(
        states,
        () -> standing == null ? List.of() : standing.get(),
        () -> running == null ? List.of() : running.get(),
        () -> occupied == null ? List.of() : occupied.get(),
        others(flight, due));
  }

  private List<Answer<List<Found<I>>>> others(Flight flight, List<Deadline> due) {
    var byKind = new HashMap<String, Set<Link>>();
    due.forEach(deadline ->
        deadline
            .link()
            .ifPresent(
                link -> byKind.computeIfAbsent(link.kind(), _ -> new LinkedHashSet<>()).add(link)));
    var answers = new ArrayList<Answer<List<Found<I>>>>();
    Stage.Links<S, I> linked = stage.links();
    if (linked != null) {
      byKind.forEach((kind, wanted) -> {
        LinkedReader<I> other = linked.others().get(kind);
        if (other != null) {
          answers.add(other.read(flight, wanted));
        }
      });
    }
    return answers;
  }

  /// Lanes of an ordered stage in which something may wait.
  ///
  /// @param targets whom the records are for
  private Set<String> lanes(Turn<S, I, E> turn, Set<AggregateId> targets) {
    if (stage.isCommutative() || mode != Mode.LIVE) {
      return Set.of();
    }
    var lanes = new HashSet<String>();
    for (Slice<I> slice : turn.slices()) {
      slice.entries().forEach(entry -> lanes.add(DeadLetterRows.lane(entry.record())));
    }
    targets.forEach(id -> lanes.add(DeadLetterRows.lane(id)));
    return lanes;
  }

  private record Loading<S, I>(
      Supplier<Loaded<S>> states,
      Supplier<List<Deadline>> standing,
      Supplier<List<LeasedOperation>> running,
      Supplier<List<String>> occupied,
      List<Answer<List<Found<I>>>> answers) {
    Map<Link, List<I>> others() {
      var found = new HashMap<Link, List<I>>();
      answers.forEach(answer ->
          answer
              .get()
              .forEach(one ->
                  found
                      .computeIfAbsent(one.link().name(), _ -> new ArrayList<>())
                      .add(one.input())));
      return found;
    }
  }
}
