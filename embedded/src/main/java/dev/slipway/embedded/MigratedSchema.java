package dev.slipway.embedded;

import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.springframework.core.io.Resource;
import org.springframework.core.io.support.PathMatchingResourcePatternResolver;

/// A service's schema in a database of its own, for tests of its migrations and of their way back.
/// Its parts are the kernel's tables and the service's own.
public final class MigratedSchema {
  private static final String KERNEL = "pipeline";

  private final String schema;
  private final List<String> parts;
  private final Consumer<String> migrate;
  private final String url = SharedPostgres.newDatabase();

  /// @param migrate applies what is not applied yet, given the URL of a database
  public MigratedSchema(String schema, Consumer<String> migrate) {
    this.schema = schema;
    this.parts = List.of(KERNEL, schema);
    this.migrate = migrate;
    migrate();
  }

  /// Applies what is not applied yet.
  public void migrate() {
    migrate.accept(url);
  }

  /// Takes back everything: newest first, and the service's own part before the one it stands on.
  public void goBack() throws SQLException, IOException {
    for (String part : parts.reversed()) {
      for (Resource undo : scripts("db/undo/" + part + "/*.sql").reversed()) {
        execute(undo.getContentAsString(StandardCharsets.UTF_8));
      }
      execute("drop table migration_" + part);
    }
  }

  /// Takes migrations of the service's own part back, newest first.
  ///
  /// @param version the last of them, such as `004`
  public void undoBackTo(String version) throws SQLException, IOException {
    for (Resource undo : scripts("db/undo/" + schema + "/*.sql").reversed()) {
      String undone = String.valueOf(undo.getFilename()).substring(1, 4);
      if (undone.compareTo(version) >= 0) {
        execute(
            undo.getContentAsString(StandardCharsets.UTF_8),
            "delete from migration_%s where version = '%s'".formatted(schema, undone));
      }
    }
  }

  /// Names of all migrations, part by part, without what tells them from their undo.
  public List<String> migrations() throws IOException {
    return names("db/migration/%s/V*.sql");
  }

  /// As [#migrations()], of what takes them back.
  public List<String> undos() throws IOException {
    return names("db/undo/%s/*.sql");
  }

  private List<String> names(String pattern) throws IOException {
    List<String> names = new ArrayList<>();
    for (String part : parts) {
      for (Resource script : scripts(pattern.formatted(part))) {
        names.add(part + "/" + String.valueOf(script.getFilename()).substring(1));
      }
    }
    return names;
  }

  /// Everything that the migrations made, each with what it is: relations with their columns,
  /// constraints, types, policies and functions.
  public List<String> objects() throws SQLException {
    return strings(
        """
        select relkind::text || ' ' || relname || ' ' || coalesce(attname || ' ' || format_type(atttypid, atttypmod), '')
        from pg_class c left join pg_attribute a on a.attrelid = c.oid and attnum > 0 and not attisdropped
        where relnamespace = '%1$s'::regnamespace and relname not like 'migration\\_%%'
        union all
        select 'constraint ' || conname || ' ' || pg_get_constraintdef(oid) from pg_constraint
        where connamespace = '%1$s'::regnamespace and conname not like 'migration\\_%%'
        union all
        select 'type ' || typname from pg_type where typnamespace = '%1$s'::regnamespace and typtype in ('e', 'd')
        union all
        select 'policy ' || policyname || ' ' || roles::text || ' ' || qual from pg_policies where schemaname = '%1$s'
        union all
        select 'function ' || proname from pg_proc where pronamespace = '%1$s'::regnamespace
        order by 1
        """
            .formatted(schema));
  }

  /// Puts a row into each table of the kernel that a decision or a request can leave one in.
  public void fillKernel() throws SQLException {
    execute(
        "insert into stage (name) values ('s')",
        "insert into stage_position (stage_id, topic, partition, topic_id, next_offset)"
            + " select stage_id, 't', 0, 'id', 5 from stage",
        "insert into inbox (stage_id, ce_id, status)"
            + " select stage_id, gen_random_uuid(), 'dead' from stage",
        "insert into replay (replay_id, stage_id, mode, requested_by)"
            + " select gen_random_uuid(), stage_id, 'FORCE', 'alice' from stage",
        "insert into replay_position (replay_id, topic, partition, topic_id, from_offset,"
            + " to_offset, next_offset) select replay_id, 't', 0, 'id', 0, 5, 3 from replay",
        "insert into link (stage_id, tenant, kind, value, key, is_exclusive)"
            + " select stage_id, 'a', 'name', 'v', 'k', true from stage",
        "insert into deadline (stage_id, tenant, key, name, due_at)"
            + " select stage_id, 'a', 'k', 'n', now() from stage",
        "insert into operation (operation_id, stage_id, tenant, key, kind, request)"
            + " select gen_random_uuid(), stage_id, 'a', 'k', 'call', '{}' from stage",
        "insert into dead_letter (stage_id, ce_id, topic, partition, topic_id, record_offset, status,"
            + " lanes, cause) select stage_id, gen_random_uuid(), 't', 0, 'id', 4, 'DEAD', '{}', 'bug'"
            + " from stage",
        "insert into http_request (key_id, request_id, tenant, body_sha256, status, body)"
            + " values (gen_random_uuid(), gen_random_uuid(), 'a', sha256('{}'), 202, '{}')",
        "insert into outbox (topic, tenant, record_key, ce_id, ce_type, ce_source, ce_time, value)"
            + " values ('t', 'a', 'k', gen_random_uuid(), 'type', 'source', now(), '\\x00')",
        "insert into pruned (table_name, column_name, before) values ('t', 'at', now())");
  }

  /// Tables without a row.
  public List<String> emptyTables() throws SQLException {
    List<String> empty = new ArrayList<>();
    for (String table :
        strings(
            "select relname from pg_class where relnamespace = '%s'::regnamespace and relkind = 'r'"
                    .formatted(schema)
                + " and relname not like 'migration\\_%'")) {
      if (strings("select 1 from " + table + " limit 1").isEmpty()) {
        empty.add(table);
      }
    }
    return empty;
  }

  /// Executes each as the owner, in this schema.
  public void execute(String... sql) throws SQLException {
    try (var connection = connect();
        var statement = connection.createStatement()) {
      for (String one : sql) {
        statement.execute(one);
      }
    }
  }

  /// The first column of what is found.
  public List<String> strings(String sql) throws SQLException {
    try (var connection = connect();
        Statement statement = connection.createStatement();
        var rows = statement.executeQuery(sql)) {
      List<String> values = new ArrayList<>();
      while (rows.next()) {
        values.add(rows.getString(1));
      }
      return values;
    }
  }

  private Connection connect() throws SQLException {
    URI uri = URI.create(url);
    String[] user = uri.getUserInfo().split(":", 2);
    return DriverManager.getConnection(
        "jdbc:postgresql://%s:%d%s?currentSchema=%s"
            .formatted(uri.getHost(), uri.getPort(), uri.getPath(), schema),
        user[0],
        user[1]);
  }

  private static List<Resource> scripts(String pattern) throws IOException {
    return Stream.of(
            new PathMatchingResourcePatternResolver().getResources("classpath*:" + pattern))
        .sorted(Comparator.comparing(script -> String.valueOf(script.getFilename())))
        .toList();
  }
}
