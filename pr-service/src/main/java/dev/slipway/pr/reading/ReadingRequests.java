package dev.slipway.pr.reading;

import dev.slipway.pipeline.core.AggregateId;
import dev.slipway.pipeline.database.Columns;
import dev.slipway.pipeline.error.Backoff;
import dev.slipway.pipeline.error.RetryableException;
import dev.slipway.pipeline.lifecycle.StoppableThread;
import dev.slipway.pipeline.observability.LivenessCheck;
import dev.slipway.pipeline.stage.Request;
import dev.slipway.pipeline.stage.StageRunner;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;

/// Asks for a reading of each pull request whose row says that it is ambiguous. The row is what
/// counts, not the moment at which it became so: what nobody could ask about then is asked about
/// later.
final class ReadingRequests implements SmartLifecycle, LivenessCheck {
  private static final Logger log = LoggerFactory.getLogger(ReadingRequests.class);
  private static final int MOST = 100;
  private static final Duration LONGEST_PAUSE = Duration.ofMinutes(1);

  private final StageRunner<ReadingState, ReadingInput, ReadingEvent> stage;
  private final Duration look;
  private final Clock clock;
  private final StoppableThread thread;

  // CONFINED: to the thread
  private final Backoff backoff;

  /// @param look how often rows are looked at
  ReadingRequests(
      StageRunner<ReadingState, ReadingInput, ReadingEvent> stage, Duration look, Clock clock) {
    this.stage = stage;
    this.look = look;
    this.clock = clock;
    this.backoff = new Backoff(look, LONGEST_PAUSE);
    this.thread =
        new StoppableThread(Thread.ofVirtual().name("pull-request-readings"), this::turn, look);
  }

  private record Row(AggregateId id, ReadPullRequest wanted) {}

  private void turn() {
    try {
      rows().forEach(this::ask);
      backoff.reset();
      thread.rest(look);
    } catch (RetryableException e) {
      log.atWarn().setCause(e).log("ambiguous pull requests wait: the database is away");
      thread.rest(backoff.next(e));
    }
  }

  private List<Row> rows() {
    return stage
        .database()
        .inStage(transaction ->
            transaction.query(
                """
                select p.tenant, p.repository_id, p.number, n.full_name
                from pull_request p
                cross join lateral (
                  select full_name from repository_name n
                  where n.tenant = p.tenant and n.repository_id = p.repository_id
                  order by seen_at desc, full_name collate "C" desc limit 1) n
                left join pull_request_reading r
                  on r.tenant = p.tenant and r.pull_request = p.repository_id || '#' || p.number
                where p.ambiguous and (r.tenant is null or r.due_at <= clock_timestamp())
                order by p.tenant, p.repository_id, p.number
                limit ?
                """,
                row -> {
                  long repository = Columns.required(row, "repository_id", Long.class);
                  long number = Columns.required(row, "number", Long.class);
                  return new Row(
                      new AggregateId(
                          Columns.required(row, "tenant", String.class), repository + "#" + number),
                      new ReadPullRequest(
                          repository, Columns.required(row, "full_name", String.class), number));
                },
                MOST));
  }

  private void ask(Row row) {
    try {
      var _ =
          stage
              .request(
                  Request.of(
                      null,
                      row.id,
                      new ReadingInput.Ambiguous(row.wanted, clock.instant()),
                      _ -> new Request.Answer(200, null, "")))
              .join();
    } catch (CompletionException e) {
      throw e.getCause() instanceof RuntimeException failure ? failure : e;
    }
  }

  @Override
  public void start() {
    thread.start();
  }

  @Override
  public void stop() {
    thread.stop(look);
  }

  @Override
  public boolean isRunning() {
    return thread.isRunning();
  }

  @Override
  public boolean isAlive() {
    return !thread.isDead();
  }
}
