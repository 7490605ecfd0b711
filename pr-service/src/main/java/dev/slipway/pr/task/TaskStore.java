package dev.slipway.pr.task;

import dev.slipway.pipeline.core.AggregateId;
import dev.slipway.pipeline.core.Cause;
import dev.slipway.pipeline.core.LogPosition;
import dev.slipway.pipeline.core.Numbered;
import dev.slipway.pipeline.database.Columns;
import dev.slipway.pipeline.database.Flight;
import dev.slipway.pipeline.stage.StateStore;
import dev.slipway.pipeline.stage.StateTable;
import dev.slipway.pipeline.stage.Table;
import dev.slipway.schemas.Topics;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.SortedMap;
import java.util.UUID;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Table `task`, and beside it `task_event`: what happened to each and what it asked for, in the
/// order in which it was decided. Only what is decided now is told there, not what a rebuild folds.
final class TaskStore implements StateStore<TaskState, TaskInput, TaskEvent> {
  private static final String INSERT =
      """
      insert into task_event (tenant, task_id, item_id, type, summary, actor, at, cause_id, is_published, topic,
        partition, record_offset)
      select tenant, task_id, item_id, type, summary, actor, at, cause_id, is_published, topic, partition, record_offset
      from unnest(?::text[], ?::uuid[], ?::uuid[], ?::text[], ?::text[], ?::text[], ?::timestamptz[], ?::uuid[],
          ?::boolean[], ?::text[], ?::int[], ?::bigint[]) with ordinality
        as t (tenant, task_id, item_id, type, summary, actor, at, cause_id, is_published, topic, partition,
          record_offset, n)
      order by n
      """;

  private final Table<TaskState, TaskInput, TaskEvent> table = TaskTable.of();
  private final Function<TaskEvent, String> type;

  /// @param type of an event's record
  TaskStore(Function<TaskEvent, String> type) {
    this.type = type;
  }

  @Override
  public Supplier<Loaded<TaskState>> load(
      Flight flight, SortedMap<AggregateId, List<TaskInput>> inputs) {
    return table.load(flight, inputs);
  }

  @Override
  public boolean isOwner(TaskState state) {
    return table.isOwner(state);
  }

  @Override
  public boolean keepsStory() {
    return true;
  }

  @Override
  public List<StateTable> tables() {
    return table.tables();
  }

  @Override
  public Runnable write(Flight flight, Collection<Change<TaskState, TaskEvent>> changes) {
    Runnable written = table.write(flight, changes);
    var lines = new ArrayList<Line>();
    changes.forEach(change -> add(lines, change));
    if (!lines.isEmpty()) {
      var _ =
          flight.update(
              INSERT,
              Columns.of(lines, line -> line.task.tenant(), String[]::new),
              Columns.of(lines, line -> UUID.fromString(line.task.key()), UUID[]::new),
              Columns.of(lines, Line::id, UUID[]::new),
              Columns.of(lines, Line::type, String[]::new),
              Columns.of(lines, Line::summary, String[]::new),
              Columns.of(lines, Line::actor, String[]::new),
              Columns.of(lines, Line::at, Instant[]::new),
              Columns.of(lines, Line::cause, UUID[]::new),
              Columns.of(lines, Line::isPublished, Boolean[]::new),
              Columns.of(lines, Line::topic, String[]::new),
              Columns.of(
                  lines,
                  line -> line.place == null ? null : line.place.partition(),
                  Integer[]::new),
              Columns.of(
                  lines, line -> line.place == null ? null : line.place.offset(), Long[]::new));
    }
    return written;
  }

  private void add(List<Line> lines, Change<TaskState, TaskEvent> change) {
    TaskState state = change.before() == null ? TaskState.NONE : change.before().state();
    for (Chapter<TaskEvent> chapter : change.chapters()) {
      Cause cause = chapter.cause();
      LogPosition place = cause instanceof Cause.Read read ? read.place() : null;
      for (Numbered<TaskEvent> event : chapter.events()) {
        state = TaskFold.evolve(state, event.event(), event.at());
        lines.add(
            new Line(
                change.id(),
                event.publishedId(),
                type.apply(event.event()),
                TaskMessages.of(state, event.event()),
                event.event() instanceof TaskEvent.Created created
                    ? created.owner().userId()
                    : null,
                event.at(),
                event.causeId(),
                true,
                place == null ? null : place.topic(),
                place));
      }
      for (Asked asked : chapter.asked()) {
        lines.add(
            new Line(
                change.id(),
                asked.id(),
                asked.type(),
                summary(asked),
                null,
                cause.at(),
                cause.id(),
                false,
                asked.topic(),
                null));
      }
    }
  }

  private static String summary(Asked asked) {
    String what = asked.type().substring(asked.type().indexOf('.') + 1).replace('_', ' ');
    if (asked.topic() == null) {
      return "GitHub is asked: %s.".formatted(what);
    }
    return asked.topic().equals(Topics.SANDBOX_COMMANDS.name())
        ? "The sandbox is asked: %s.".formatted(what)
        : "What GitHub answered goes to %s.".formatted(asked.topic());
  }

  /// A line of the story.
  ///
  /// @param id of the event's or the command's record, or of the operation
  /// @param isPublished whether it is an event
  /// @param topic of the record that an event follows from; of a command, the one it is sent by
  /// @param place of the record that an event follows from; null when it is none
  private record Line(
      AggregateId task,
      UUID id,
      String type,
      String summary,
      @Nullable String actor,
      Instant at,
      UUID cause,
      boolean isPublished,
      @Nullable String topic,
      @Nullable LogPosition place) {}
}
