package dev.slipway.pipeline.replay;

import static dev.slipway.pipeline.database.Columns.required;

import dev.slipway.pipeline.stage.Counts;
import dev.slipway.pipeline.stage.Positions;
import dev.slipway.pipeline.stage.StageRunner;
import io.r2dbc.spi.Readable;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.ToLongFunction;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;
import org.springframework.r2dbc.core.DatabaseClient;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/// Tables `replay` and `replay_position` as the admin routes use them.
public final class Replays {
  private Replays() {}

  /// What a replay of the stage is going to cover.
  public static Mono<Plan> plan(StageRunner<?, ?, ?> stage, ReplayRequest request) {
    return Mono.fromCallable(
            () -> new Plan(stage.name(), request.mode(), ReplayRange.of(stage, request)))
        .subscribeOn(Schedulers.boundedElastic());
  }

  /// Writes a planned replay; the stage finds it within a second or so.
  public static Mono<ReplayView> create(
      DatabaseClient client, UUID replayId, Plan plan, String requestedBy) {
    return create(client, replayId, plan.stage, plan.mode, requestedBy, plan.ranges)
        .then(find(client, replayId));
  }

  /// Writes a replay; the stage finds it within a second or so.
  static Mono<Void> create(
      DatabaseClient client,
      UUID replayId,
      String stage,
      ReplayMode mode,
      String requestedBy,
      Map<TopicPartition, LogRange> ranges) {
    List<Map.Entry<TopicPartition, LogRange>> rows = List.copyOf(ranges.entrySet());
    Mono<Void> replay =
        client
            .sql(
                """
                insert into replay (replay_id, stage_id, mode, requested_by)
                select $1, stage_id, $3, $4 from stage where name = $2
                """)
            .bind(0, replayId)
            .bind(1, stage)
            .bind(2, mode.name())
            .bind(3, requestedBy)
            .then();
    Mono<Void> positions =
        client
            .sql(
                """
                insert into replay_position
                  (replay_id, topic, partition, topic_id, from_offset, to_offset, next_offset)
                select $1, topic, partition, topic_id, from_offset, to_offset, from_offset
                from unnest($2::text[], $3::int[], $4::text[], $5::bigint[], $6::bigint[])
                  as r (topic, partition, topic_id, from_offset, to_offset)
                """)
            .bind(0, replayId)
            .bind(1, rows.stream().map(row -> row.getKey().topic()).toArray(String[]::new))
            .bind(2, rows.stream().map(row -> row.getKey().partition()).toArray(Integer[]::new))
            .bind(3, rows.stream().map(row -> row.getValue().topicId()).toArray(String[]::new))
            .bind(4, longs(rows, LogRange::next))
            .bind(5, longs(rows, LogRange::end))
            .then();
    return replay.then(positions);
  }

  /// Empty when there is no such replay.
  public static Mono<ReplayView> find(DatabaseClient client, UUID replayId) {
    // INVARIANT: the state is read before the positions, so that those of one that is done are
    // final
    return client
        .sql(
            """
            select s.name, r.mode, r.state, r.reason, r.requested_by, r.created_at, r.finished_at
            from replay r join stage s using (stage_id) where r.replay_id = $1
            """)
        .bind(0, replayId)
        .map(Head::of)
        .one()
        .flatMap(head -> parts(client, replayId).map(parts -> head.with(replayId, parts)));
  }

  private static Mono<List<Part>> parts(DatabaseClient client, UUID replayId) {
    return client
        .sql(
            """
            select topic, partition, from_offset, to_offset, next_offset, seen, applied, known, foreign_type, unrouted,
              rejected, dead, parked, changed
            from replay_position where replay_id = $1 order by topic, partition
            """)
        .bind(0, replayId)
        .map(Part::of)
        .all()
        .collectList();
  }

  private static Long[] longs(
      List<Map.Entry<TopicPartition, LogRange>> rows, ToLongFunction<LogRange> field) {
    return rows.stream().map(row -> field.applyAsLong(row.getValue())).toArray(Long[]::new);
  }

  /// One stage's share of what was asked for.
  public static final class Plan {
    private final String stage;
    private final ReplayMode mode;
    private final Map<TopicPartition, LogRange> ranges;

    private Plan(String stage, ReplayMode mode, Map<TopicPartition, LogRange> ranges) {
      this.stage = stage;
      this.mode = mode;
      this.ranges = ranges;
    }
  }

  private record Part(ReplayView.Range range, Counts counts, long changed) {
    static Part of(Readable row) {
      return new Part(
          new ReplayView.Range(
              required(row, "topic", String.class),
              required(row, "partition", Integer.class),
              required(row, "from_offset", Long.class),
              required(row, "to_offset", Long.class),
              required(row, "next_offset", Long.class)),
          Positions.counts(row),
          required(row, "changed", Long.class));
    }
  }

  private record Head(
      String stage,
      ReplayMode mode,
      String state,
      @Nullable String reason,
      String requestedBy,
      Instant createdAt,
      @Nullable Instant finishedAt) {
    static Head of(Readable row) {
      return new Head(
          required(row, "name", String.class),
          ReplayMode.valueOf(required(row, "mode", String.class)),
          required(row, "state", String.class),
          row.get("reason", String.class),
          required(row, "requested_by", String.class),
          required(row, "created_at", Instant.class),
          row.get("finished_at", Instant.class));
    }

    ReplayView with(UUID replayId, List<Part> parts) {
      long all = parts.stream().mapToLong(part -> part.range().length()).sum();
      long done = parts.stream().mapToLong(part -> part.range().done()).sum();
      return new ReplayView(
          replayId,
          stage,
          mode,
          state,
          reason,
          requestedBy,
          createdAt,
          finishedAt,
          all == 0 ? 100 : (int) (done * 100 / all),
          parts.stream().map(Part::counts).reduce(Counts.NONE, Counts::plus),
          parts.stream().mapToLong(Part::changed).sum(),
          parts.stream().map(Part::range).toList());
    }
  }
}
