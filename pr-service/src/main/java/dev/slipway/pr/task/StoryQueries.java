package dev.slipway.pr.task;

import dev.slipway.pipeline.database.Columns;
import dev.slipway.pr.pullrequest.PullRequestQueries;
import dev.slipway.pr.pullrequest.TimelineView;
import io.r2dbc.spi.Readable;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.springframework.r2dbc.core.DatabaseClient;
import reactor.core.publisher.Mono;

/// What requests ask of the story of a task; row-level security leaves each only its tenant's rows.
final class StoryQueries {
  /// Of each log: no task comes near it.
  private static final int MOST = 10_000;

  private StoryQueries() {}

  /// The whole story of a task and its pull request, oldest first.
  static Mono<List<StoryItem>> story(DatabaseClient client, TaskQueries.Row task) {
    TaskState.Repository repository = task.state().repository();
    TaskPullRequest pullRequest = task.state().pullRequest();
    Mono<List<StoryItem>> ofTask = ofTask(client, task.state().requireId());
    return repository == null || pullRequest == null
        ? ofTask
        : ofTask.flatMap(items ->
            PullRequestQueries.timeline(client, repository.id(), pullRequest.number(), MOST)
                .map(others ->
                    StoryOrder.of(
                        List.of(items, others.stream().map(StoryQueries::item).toList()))));
  }

  private static Mono<List<StoryItem>> ofTask(DatabaseClient client, UUID task) {
    return client
        .sql("select * from task_event where task_id = $1 order by line limit $2")
        .bind(0, task)
        .bind(1, MOST)
        .map(StoryQueries::item)
        .all()
        .collectList();
  }

  private static StoryItem item(Readable row) {
    return new StoryItem(
        Columns.required(row, "at", Instant.class),
        Columns.required(row, "type", String.class),
        Columns.required(row, "summary", String.class),
        row.get("actor", String.class),
        null,
        Columns.required(row, "item_id", UUID.class),
        Columns.required(row, "cause_id", UUID.class),
        row.get("topic", String.class),
        row.get("partition", Integer.class),
        row.get("record_offset", Long.class));
  }

  private static StoryItem item(TimelineView.Item item) {
    return new StoryItem(
        item.at(),
        item.type(),
        item.summary(),
        item.actor(),
        item.deliveryId(),
        item.eventId(),
        item.causeId(),
        item.topic(),
        item.partition(),
        item.offset());
  }
}
