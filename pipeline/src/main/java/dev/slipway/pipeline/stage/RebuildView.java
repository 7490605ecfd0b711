package dev.slipway.pipeline.stage;

import dev.slipway.pipeline.database.RowDifference;
import dev.slipway.pipeline.database.TableComparison;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// A rebuild as the API shows it.
///
/// @param state `RUNNING`, `DONE` or `STOPPED`
/// @param reason why it stopped; null else
/// @param attempt how often it was begun: killed, it begins again
/// @param records how many records of the log were folded so far
/// @param tables empty until it is done
/// @param differences the first of them
public record RebuildView(
    UUID rebuildId,
    String stage,
    String state,
    @Nullable String reason,
    String requestedBy,
    Instant createdAt,
    @Nullable Instant finishedAt,
    int attempt,
    int progressPercent,
    long records,
    List<TableComparison> tables,
    List<RowDifference> differences) {
  public RebuildView {
    tables = List.copyOf(tables);
    differences = List.copyOf(differences);
  }

  RebuildView with(List<TableComparison> compared, List<RowDifference> found) {
    return new RebuildView(
        rebuildId,
        stage,
        state,
        reason,
        requestedBy,
        createdAt,
        finishedAt,
        attempt,
        progressPercent,
        records,
        compared,
        found);
  }
}
