package dev.slipway.pipeline.publish;

import dev.slipway.pipeline.publish.Outbox.Published;
import dev.slipway.schemas.publisher.Checkpoint;
import dev.slipway.schemas.publisher.RecordsPublished;
import dev.slipway.schemas.publisher.RowsPublished;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// What stands in a relay's checkpoints.
final class CheckpointCodec {
  private CheckpointCodec() {}

  /// What a relay had published with one transaction.
  ///
  /// @param rows of that transaction
  /// @param owed partitions of `notifications` that are owed a gap after it
  record Progress(List<Published> rows, Set<Integer> owed) {
    static final Progress NOTHING = new Progress(List.of(), Set.of());

    Progress {
      rows = List.copyOf(rows);
      owed = Set.copyOf(owed);
    }
  }

  /// A checkpoint of a turn.
  static Checkpoint write(List<Outbox.Row> rows, Set<Integer> owed) {
    return new Checkpoint(
        new RowsPublished(
            rows.stream().map(Outbox.Row::id).toList(),
            rows.stream().map(row -> row.envelope().id()).toList(),
            owed.stream().sorted().toList()));
  }

  /// Reads one, also of an earlier build.
  static Progress read(@Nullable Checkpoint checkpoint) {
    return checkpoint == null
        ? Progress.NOTHING
        : switch (checkpoint.getBody()) {
          case RowsPublished rows -> new Progress(rows(rows), owed(rows));
          case RecordsPublished _ -> throw new IllegalStateException("no relay's checkpoint");
          default -> throw new IllegalStateException("unknown checkpoint");
        };
  }

  /// What an earlier build has published may not have come to its notification: another service
  /// wrote those, and does so no more.
  private static Set<Integer> owed(RowsPublished body) {
    boolean isOfEarlierBuild = body.getCeIds().isEmpty() && !body.getOutboxIds().isEmpty();
    return isOfEarlierBuild ? Set.of(Notifications.ALL) : Set.copyOf(body.getGapsOwed());
  }

  private static List<Published> rows(RowsPublished body) {
    List<Long> ids = body.getOutboxIds();
    List<UUID> recordIds = body.getCeIds();
    var rows = new ArrayList<Published>(ids.size());
    for (int index = 0; index < ids.size(); index++) {
      rows.add(new Published(ids.get(index), recordIds.isEmpty() ? null : recordIds.get(index)));
    }
    return rows;
  }
}
