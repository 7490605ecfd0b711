package dev.slipway.pipeline.database;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import org.springframework.r2dbc.core.DatabaseClient;
import reactor.core.publisher.Mono;

/// A statement that inserts or updates and answers nothing.
///
/// @param sql its parameters are `$1`, `$2` …
/// @param values of the parameters, none of them null
public record Write(String sql, List<Object> values) {
  private static final Pattern PARAMETER = Pattern.compile("\\$(\\d+)");
  private static final Map<List<String>, String> TOGETHER = new ConcurrentHashMap<>();

  /// A statement.
  ///
  /// @param values of `$1`, `$2` …
  public static Write of(String sql, Object... values) {
    return new Write(sql, List.of(values));
  }

  /// Does these in one statement, so in one round trip. None of them sees what another does.
  ///
  /// @param writes of few combinations: each is prepared, and stays so
  public static Mono<Void> together(DatabaseClient client, List<Write> writes) {
    if (writes.isEmpty()) {
      return Mono.empty();
    }
    var statement =
        client.sql(
            TOGETHER.computeIfAbsent(writes.stream().map(Write::sql).toList(), Write::joined));
    int parameter = 0;
    for (Write write : writes) {
      for (Object value : write.values) {
        statement = statement.bind(parameter++, value);
      }
    }
    return statement.then();
  }

  /// All but the last as common table expressions of it.
  static String joined(List<String> statements) {
    var numbered = new ArrayList<String>();
    int before = 0;
    for (String statement : statements) {
      int offset = before;
      int greatest = 0;
      var parameters = PARAMETER.matcher(statement);
      while (parameters.find()) {
        greatest = Math.max(greatest, Integer.parseInt(parameters.group(1)));
      }
      numbered.add(
          parameters.replaceAll(found -> "\\$" + (Integer.parseInt(found.group(1)) + offset)));
      before += greatest;
    }
    var joined = new StringBuilder();
    for (int i = 0; i < numbered.size() - 1; i++) {
      joined
          .append(i == 0 ? "with " : ", ")
          .append("write_%d as (%n%s)%n".formatted(i + 1, numbered.get(i)));
    }
    return joined.append(numbered.getLast()).toString();
  }
}
