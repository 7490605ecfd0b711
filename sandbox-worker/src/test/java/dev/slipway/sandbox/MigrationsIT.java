package dev.slipway.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.embedded.SharedPostgres;
import dev.slipway.pipeline.database.DatabaseProperties;
import dev.slipway.pipeline.database.Migrations;
import dev.slipway.pipeline.security.Secret;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.springframework.core.io.Resource;
import org.springframework.core.io.support.PathMatchingResourcePatternResolver;

/// Every migration of this service has its way back; the kernel's own are shown by pr-service.
class MigrationsIT {
  private static final String SCHEMA = "sandbox";

  @Test
  void everyMigrationHasItsUndo() throws IOException {
    List<String> ups = names("db/migration/" + SCHEMA + "/V*.sql");

    assertThat(ups).isNotEmpty().allMatch(name -> name.matches("V\\d{3}__[a-z0-9_]+\\.sql"));
    assertThat(names("db/undo/" + SCHEMA + "/*.sql"))
        .isEqualTo(ups.stream().map(name -> "U" + name.substring(1)).toList());
  }

  @Test
  void upDownAndUpAgainWithData() throws SQLException, IOException {
    String url = SharedPostgres.newDatabase();
    migrate(url);
    List<String> whole = objects(url);
    fill(url);

    goBack(url);

    assertThat(objects(url)).noneMatch(name -> name.matches(".*(sandbox|installation).*"));
    migrate(url);
    assertThat(objects(url)).isEqualTo(whole);
    fill(url);
  }

  private static void migrate(String url) {
    Duration limit = Duration.ofSeconds(20);
    Migrations.migrate(
        new DatabaseProperties(new Secret(url), 2, 2, limit, limit, limit, limit, limit), SCHEMA);
  }

  private static void goBack(String url) throws SQLException, IOException {
    try (var connection = connect(url);
        var statement = connection.createStatement()) {
      for (Resource undo : scripts("db/undo/" + SCHEMA + "/*.sql").reversed()) {
        statement.execute(undo.getContentAsString(StandardCharsets.UTF_8));
      }
      statement.execute("drop table migration_" + SCHEMA);
    }
  }

  /// A row in every table, so that going back meets data.
  private static void fill(String url) throws SQLException {
    try (var connection = connect(url);
        var statement = connection.createStatement()) {
      statement.execute(
          "insert into sandbox (tenant, sandbox_id, version, state, status) values"
              + " ('a', gen_random_uuid(), 1, '{}', 'NONE')");
      statement.execute(
          "insert into sandbox (tenant, sandbox_id, version, state, status, template, metadata,"
              + " requested_at, external_id) values"
              + " ('a', gen_random_uuid(), 3, '{}', 'RUNNING', 'base', '{}', now(), 'ext-1')");
    }
  }

  /// Tables, columns, indexes, constraints and policies of the schema.
  private static List<String> objects(String url) throws SQLException {
    try (var connection = connect(url);
        var statement = connection.createStatement()) {
      return strings(
          statement,
          """
          select relkind::text || ' ' || relname || ' ' || coalesce(attname || ' ' || format_type(atttypid, atttypmod), '')
          from pg_class c left join pg_attribute a on a.attrelid = c.oid and attnum > 0 and not attisdropped
          where relnamespace = 'sandbox'::regnamespace and relname not like 'migration\\_%'
          union all
          select 'constraint ' || conname || ' ' || pg_get_constraintdef(oid) from pg_constraint
          where connamespace = 'sandbox'::regnamespace and conname not like 'migration\\_%'
          union all
          select 'policy ' || policyname || ' ' || roles::text || ' ' || qual from pg_policies
          where schemaname = 'sandbox'
          order by 1
          """);
    }
  }

  private static List<String> strings(Statement statement, String sql) throws SQLException {
    var values = new ArrayList<String>();
    try (var rows = statement.executeQuery(sql)) {
      while (rows.next()) {
        values.add(rows.getString(1));
      }
    }
    return values;
  }

  private static Connection connect(String databaseUrl) throws SQLException {
    URI uri = URI.create(databaseUrl);
    String[] user = uri.getUserInfo().split(":", 2);
    return DriverManager.getConnection(
        "jdbc:postgresql://%s:%d%s?currentSchema=%s"
            .formatted(uri.getHost(), uri.getPort(), uri.getPath(), SCHEMA),
        user[0],
        user[1]);
  }

  private static List<String> names(String pattern) throws IOException {
    return scripts(pattern).stream().map(script -> String.valueOf(script.getFilename())).toList();
  }

  private static List<Resource> scripts(String pattern) throws IOException {
    return Stream.of(
            new PathMatchingResourcePatternResolver().getResources("classpath*:" + pattern))
        .sorted(Comparator.comparing(script -> String.valueOf(script.getFilename())))
        .toList();
  }
}
