package dev.slipway.pipeline.stage;

import dev.slipway.pipeline.core.AggregateId;
import dev.slipway.pipeline.core.Command;
import dev.slipway.pipeline.core.Decider;
import dev.slipway.pipeline.core.Link;
import dev.slipway.pipeline.core.Operation;
import dev.slipway.schemas.Topic;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// What a feature hands to the stage runner, in one expression: where records come from and how
/// they are read, how they are decided, where states are kept, and what becomes of decisions. A
/// stage owns one type of aggregate.
///
/// @param <S> state
/// @param <I> input
/// @param <E> event
public final class Stage<S, I, E> {
  private final String name;
  private final Decider<S, I, E> decider;
  private final StateStore<S, I, E> states;
  private final Map<Topic, RecordDecoder<I>> sources;
  private final @Nullable Topic deadLetters;
  private final boolean commutative;
  private final @Nullable EventCodec<S, E> events;
  private final @Nullable EventDecoder<E> rebuiltFrom;
  private final List<Sends<?>> commands;
  private final List<Operates<?>> operations;
  private final @Nullable Deadlines<S, I> deadlines;
  private final @Nullable Links<S, I> links;
  private final Function<I, Optional<I>> deadLettered;
  private final Function<I, Optional<I>> conflict;
  private final Function<FailedOperation, Optional<I>> operationFailed;

  private Stage(Builder<S, I, E> builder, @Nullable Topic deadLetters) {
    this.name = builder.name;
    this.decider = builder.decider;
    this.states = builder.states;
    this.sources = Map.copyOf(builder.sources);
    this.deadLetters = deadLetters;
    this.commutative = builder.commutative;
    this.events = builder.events;
    this.rebuiltFrom = builder.rebuiltFrom;
    this.commands = List.copyOf(builder.commands);
    this.operations = List.copyOf(builder.operations);
    this.deadlines = builder.deadlines;
    this.links = builder.links;
    this.deadLettered = builder.deadLettered;
    this.conflict = builder.conflict;
    this.operationFailed = builder.operationFailed;
  }

  /// Begins to describe a stage.
  ///
  /// @param name `<service>.<feature>`, such as `pr-service.deliveries`: consumer group, inbox,
  ///   positions and dead letters bear it
  public static <S, I, E> Builder<S, I, E> named(
      String name, Decider<S, I, E> decider, StateStore<S, I, E> states) {
    return new Builder<>(name, decider, states);
  }

  /// Its name.
  public String name() {
    return name;
  }

  Decider<S, I, E> decider() {
    return decider;
  }

  /// Where its states are kept.
  public StateStore<S, I, E> states() {
    return states;
  }

  /// Who reads each of its topics.
  Map<Topic, RecordDecoder<I>> sources() {
    return sources;
  }

  /// The topics that it reads.
  public Set<Topic> topics() {
    return sources.keySet();
  }

  /// Where records go that fail for ever.
  Topic deadLetters() {
    if (deadLetters == null) {
      throw new IllegalStateException("stage " + name + " reads no topic");
    }
    return deadLetters;
  }

  /// Whether a dead record holds nothing up, because the order of its records does not matter.
  public boolean isCommutative() {
    return commutative;
  }

  @Nullable EventCodec<S, E> events() {
    return events;
  }

  /// Who reads its events back; null when it is not they that say what its rows are.
  @Nullable EventDecoder<E> rebuiltFrom() {
    return rebuiltFrom;
  }

  @Nullable Deadlines<S, I> deadlines() {
    return deadlines;
  }

  @Nullable Links<S, I> links() {
    return links;
  }

  /// Whether what stands on the other side of such a link must be read when the link is new.
  boolean readsOtherSide(Link link) {
    return links != null && links.others().containsKey(link.kind());
  }

  /// What the aggregate is told when its input goes to the dead-letter topic.
  Optional<I> deadLettered(I input) {
    return deadLettered.apply(input);
  }

  /// What the aggregate is told instead when the input would give it an id or a link that another
  /// has.
  Optional<I> conflict(I input) {
    return conflict.apply(input);
  }

  /// What the aggregate is told when an operation of its ends without an outcome.
  Optional<I> operationFailed(FailedOperation operation) {
    return operationFailed.apply(operation);
  }

  /// Who writes a command.
  CommandCodec<Command> codec(Command command) {
    return commands.stream()
        .filter(sends -> sends.type.isInstance(command))
        .findFirst()
        .<CommandCodec<Command>>map(Sends::any)
        .orElseThrow(() ->
            new IllegalStateException(name + " does not send " + command.getClass().getName()));
  }

  /// Who writes an operation.
  OperationCodec<Operation> codec(Operation operation) {
    return operations.stream()
        .filter(operates -> operates.type.isInstance(operation))
        .findFirst()
        .<OperationCodec<Operation>>map(Operates::any)
        .orElseThrow(() ->
            new IllegalStateException(
                name + " does not ask for " + operation.getClass().getName()));
  }

  /// Whether decisions may hold what no replay may repeat.
  public boolean hasEffects() {
    return !commands.isEmpty() || !operations.isEmpty();
  }

  /// Gets what decisions need from outside before the first record is read; may block.
  ///
  /// @throws dev.slipway.pipeline.error.RetryableException when that is away
  public void prepare() {
    if (events != null) {
      events.prepare();
    }
    commands.forEach(sends -> sends.codec.prepare());
  }

  /// What an aggregate waits for.
  ///
  /// @param of names and instants, as they follow from the state
  /// @param due what the aggregate is told when one of them is due
  record Deadlines<S, I>(
      Function<S, Map<String, Instant>> of, BiFunction<String, Instant, I> due) {}

  /// Under which names an aggregate is found.
  ///
  /// @param of as they follow from the state
  /// @param others who reads the other side of a link, by its kind
  record Links<S, I>(
      BiFunction<AggregateId, S, Set<Link>> of, Map<String, LinkedReader<I>> others) {}

  private record Sends<C extends Command>(Class<C> type, CommandCodec<C> codec) {
    @SuppressWarnings("unchecked") // whoever asks has looked at the type
    CommandCodec<Command> any() {
      return (CommandCodec<Command>) codec;
    }
  }

  private record Operates<O extends Operation>(Class<O> type, OperationCodec<O> codec) {
    @SuppressWarnings("unchecked") // whoever asks has looked at the type
    OperationCodec<Operation> any() {
      return (OperationCodec<Operation>) codec;
    }
  }

  /// Describes a stage.
  public static final class Builder<S, I, E> {
    private final String name;
    private final Decider<S, I, E> decider;
    private final StateStore<S, I, E> states;
    // CONFINED: to the expression that describes the stage, as all that follow
    private final Map<Topic, RecordDecoder<I>> sources = new LinkedHashMap<>();
    private final List<Sends<?>> commands = new ArrayList<>();
    private final List<Operates<?>> operations = new ArrayList<>();
    private boolean commutative;
    private @Nullable EventCodec<S, E> events;
    private @Nullable EventDecoder<E> rebuiltFrom;
    private @Nullable Deadlines<S, I> deadlines;
    private @Nullable Links<S, I> links;
    private Function<I, Optional<I>> deadLettered = _ -> Optional.empty();
    private Function<I, Optional<I>> conflict = _ -> Optional.empty();
    private Function<FailedOperation, Optional<I>> operationFailed = _ -> Optional.empty();

    private Builder(String name, Decider<S, I, E> decider, StateStore<S, I, E> states) {
      this.name = name;
      this.decider = decider;
      this.states = states;
    }

    /// Reads this topic.
    public Builder<S, I, E> reads(Topic topic, RecordDecoder<I> decoder) {
      sources.put(topic, decoder);
      return this;
    }

    /// The order of its records does not matter: a dead one parks nothing.
    public Builder<S, I, E> commutative() {
      this.commutative = true;
      return this;
    }

    /// Publishes its events.
    public Builder<S, I, E> publishes(EventCodec<S, E> codec) {
      this.events = codec;
      return this;
    }

    /// Its rows are what its own events say, and not what a fold of its inputs would come to: all
    /// of them are published, under the key of their aggregate.
    public Builder<S, I, E> rebuiltFrom(EventDecoder<E> decoder) {
      this.rebuiltFrom = decoder;
      return this;
    }

    /// Sends commands of this type.
    public <C extends Command> Builder<S, I, E> sends(Class<C> type, CommandCodec<C> codec) {
      commands.add(new Sends<>(type, codec));
      return this;
    }

    /// Asks for operations of this type.
    ///
    /// @param failed what the aggregate is told when one of them ends without an outcome
    public <O extends Operation> Builder<S, I, E> operates(
        Class<O> type, OperationCodec<O> codec, Function<FailedOperation, Optional<I>> failed) {
      operations.add(new Operates<>(type, codec));
      this.operationFailed = failed;
      return this;
    }

    /// Waits for instants.
    ///
    /// @param of names and instants, as they follow from the state
    /// @param due what the aggregate is told when one of them is due
    public Builder<S, I, E> waits(
        Function<S, Map<String, Instant>> of, BiFunction<String, Instant, I> due) {
      this.deadlines = new Deadlines<>(of, due);
      return this;
    }

    /// Is found by links.
    ///
    /// @param of as they follow from the state
    /// @param others who reads the other side of a link when it is new, by its kind
    public Builder<S, I, E> linked(
        BiFunction<AggregateId, S, Set<Link>> of, Map<String, LinkedReader<I>> others) {
      this.links = new Links<>(of, Map.copyOf(others));
      return this;
    }

    /// What the aggregate is told when its input goes to the dead-letter topic.
    public Builder<S, I, E> tellsOfDeadLetters(Function<I, Optional<I>> told) {
      this.deadLettered = told;
      return this;
    }

    /// What the aggregate is told instead when the input would give it an id or an exclusive link
    /// that another has; without it the input changes nothing.
    public Builder<S, I, E> tellsOfConflicts(Function<I, Optional<I>> told) {
      this.conflict = told;
      return this;
    }

    /// The stage.
    ///
    /// @param topic where records go that fail for ever
    public Stage<S, I, E> deadLetters(Topic topic) {
      if (sources.isEmpty()) {
        throw new IllegalStateException("stage " + name + " reads no topic");
      }
      if (rebuiltFrom != null && events == null) {
        throw new IllegalStateException("stage " + name + " publishes no events");
      }
      return new Stage<>(this, topic);
    }

    /// The stage, which reads no topic: requests, outcomes and deadlines are all that it is told.
    public Stage<S, I, E> withoutTopics() {
      if (!sources.isEmpty()) {
        throw new IllegalStateException("stage " + name + " reads topics");
      }
      return new Stage<>(this, null);
    }
  }
}
