package dev.slipway.pr.pullrequest;

import dev.slipway.pipeline.database.Columns;
import dev.slipway.pipeline.database.Write;
import io.r2dbc.spi.Readable;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.function.Function;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;
import org.springframework.r2dbc.core.DatabaseClient;
import org.springframework.r2dbc.core.DatabaseClient.GenericExecuteSpec;
import reactor.core.publisher.Mono;

/// What the stores of a repository's rows have in common: many rows in one statement, as arrays
/// that begin with the tenant and the repository.
final class RowStore {
  private RowStore() {}

  /// A statement whose first two arrays are bound.
  static <T> GenericExecuteSpec bind(DatabaseClient client, String sql, Collection<Owned<T>> rows) {
    return client
        .sql(sql)
        .bind(0, Columns.of(rows, row -> row.repository().tenant(), String[]::new))
        .bind(1, Columns.of(rows, row -> row.repository().repositoryId(), Long[]::new));
  }

  /// A statement that writes these rows.
  ///
  /// @param columns its third array and those that follow
  static <T> Write write(String sql, Collection<Owned<T>> rows, Object... columns) {
    List<Object> values = new ArrayList<>();
    values.add(Columns.of(rows, row -> row.repository().tenant(), String[]::new));
    values.add(Columns.of(rows, row -> row.repository().repositoryId(), Long[]::new));
    values.addAll(List.of(columns));
    return new Write(sql, values);
  }

  static <T, C> @Nullable C[] column(
      Collection<Owned<T>> rows, Function<T, @Nullable C> field, IntFunction<@Nullable C[]> array) {
    return Columns.of(rows, owned -> field.apply(owned.row()), array);
  }

  static <T> Mono<List<Owned<T>>> read(GenericExecuteSpec statement, Function<Readable, T> reader) {
    return statement.map(row -> new Owned<>(key(row), reader.apply(row))).all().collectList();
  }

  private static RepositoryKey key(Readable row) {
    return new RepositoryKey(
        Columns.required(row, "tenant", String.class),
        Columns.required(row, "repository_id", Long.class));
  }
}
