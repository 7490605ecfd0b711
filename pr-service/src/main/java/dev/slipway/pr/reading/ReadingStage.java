package dev.slipway.pr.reading;

import dev.slipway.pipeline.stage.OperationCodec;
import dev.slipway.pipeline.stage.Stage;
import dev.slipway.pipeline.stage.Table;
import dev.slipway.pr.observation.Observation;
import dev.slipway.pr.observation.ObservationCodec;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// `pr-service.readings`: for each pull request that is ambiguous, one reading at a time, whose
/// answer goes to `github.deliveries` as if GitHub had sent it.
final class ReadingStage {
  private static final Duration PATIENCE = Duration.ofMinutes(10);

  private ReadingStage() {}

  static Stage<ReadingState, ReadingInput, ReadingEvent> of(
      ObservationCodec observations, Clock clock) {
    Table<ReadingState, ReadingInput, ReadingEvent> table =
        Table.of(
            "pull_request_reading", "pull_request", "text", ReadingJson::write, ReadingJson::state);
    return Stage.named(
            "pr-service.readings",
            new ReadingDecider(),
            table.column("due_at", "timestamptz", ReadingStage::dueAt).bookkeeping())
        .sends(Observation.class, observations)
        .operates(
            ReadPullRequest.class,
            new Operations(),
            _ -> Optional.of(new ReadingInput.NotRead(clock.instant())))
        .withoutTopics();
  }

  private static @Nullable String dueAt(ReadingState state) {
    Instant dueAt = state.dueAt();
    return dueAt == null ? null : dueAt.toString();
  }

  private static final class Operations implements OperationCodec<ReadPullRequest> {
    @Override
    public String kind(ReadPullRequest operation) {
      return "read_pull_request";
    }

    @Override
    public String encode(ReadPullRequest operation) {
      return ReadingJson.write(operation);
    }

    @Override
    public Optional<Duration> patience(ReadPullRequest operation) {
      return Optional.of(PATIENCE);
    }
  }
}
