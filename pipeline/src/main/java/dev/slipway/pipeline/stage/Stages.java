package dev.slipway.pipeline.stage;

import static dev.slipway.pipeline.database.Columns.required;

import java.time.Instant;
import java.util.List;
import org.apache.kafka.common.TopicPartition;
import reactor.core.publisher.Flux;

/// The stages of this process.
public record Stages(List<StageRunner<?, ?, ?>> all) {
  public Stages {
    all = List.copyOf(all);
  }

  /// Those that read topics: of the others there is nothing to replay or to rebuild, and they have
  /// no dead letters.
  public List<StageRunner<?, ?, ?>> reading() {
    return all.stream().filter(stage -> !stage.stage().topics().isEmpty()).toList();
  }

  /// Those that read topics and that an operator means; none when there is no such stage here.
  ///
  /// @param name of a stage, or of a service: all its stages
  public List<StageRunner<?, ?, ?>> named(String name) {
    return reading().stream()
        .filter(stage -> stage.name().equals(name) || stage.name().startsWith(name + "."))
        .toList();
  }

  /// How far each is, and what became of what it saw.
  public Flux<StageView> positions(String tenant) {
    return Flux.fromIterable(all).concatMap(stage -> positions(tenant, stage));
  }

  private static Flux<StageView> positions(String tenant, StageRunner<?, ?, ?> stage) {
    return stage
        .database()
        .asApi(
            tenant,
            client ->
                client
                    .sql(
                        """
                        select p.* from stage_position p join stage s using (stage_id)
                        where s.name = $1 order by topic, partition
                        """)
                    .bind(0, stage.name())
                    .map(row -> {
                      TopicPartition partition = Positions.partition(row);
                      Counts counts = Positions.counts(row);
                      return new StageView(
                          stage.name(),
                          stage.health(),
                          partition.topic(),
                          partition.partition(),
                          required(row, "next_offset", Long.class),
                          counts.seen(),
                          counts.applied(),
                          counts.known(),
                          counts.foreign(),
                          counts.unrouted(),
                          counts.rejected(),
                          counts.dead(),
                          counts.parked(),
                          required(row, "updated_at", Instant.class));
                    })
                    .all()
                    .collectList())
        .flatMapIterable(views -> views);
  }
}
