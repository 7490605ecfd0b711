package dev.slipway.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.embedded.MigratedSchema;
import dev.slipway.pipeline.database.DatabaseProperties;
import dev.slipway.pipeline.database.Migrations;
import dev.slipway.pipeline.security.Secret;
import java.io.IOException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/// Every migration of this service has its way back.
class MigrationsIT {
  private final MigratedSchema schema = new MigratedSchema("sandbox", MigrationsIT::migrate);

  private static void migrate(String url) {
    Duration limit = Duration.ofSeconds(20);
    Migrations.migrate(
        new DatabaseProperties(new Secret(url), 2, 2, limit, limit, limit, limit, limit),
        "sandbox");
  }

  @Test
  void everyMigrationHasItsUndo() throws IOException {
    assertThat(schema.migrations()).isNotEmpty().isEqualTo(schema.undos());
    assertThat(schema.migrations())
        .allMatch(name -> name.matches("[a-z]+/\\d{3}__[a-z0-9_]+\\.sql"));
  }

  @Test
  void upDownAndUpAgainWithData() throws SQLException, IOException {
    List<String> whole = schema.objects();
    fill();

    schema.goBack();

    assertThat(schema.objects()).isEmpty();
    schema.migrate();
    assertThat(schema.objects()).isEqualTo(whole);
    fill();
  }

  /// Rows in every table, so that going back meets data: one tenant was refused something under the
  /// id of another's.
  private void fill() throws SQLException {
    schema.fillKernel();
    schema.execute(
        "insert into sandbox (tenant, sandbox_id, version, state, status) values"
            + " ('b', '0191d4a8-0000-7000-8000-000000000000', 1, '{}', 'NONE')",
        "insert into sandbox (tenant, sandbox_id, version, state, status, template, metadata,"
            + " requested_at, external_id) values"
            + " ('a', '0191d4a8-0000-7000-8000-000000000000', 3, '{}', 'RUNNING', 'base', '{}',"
            + " now(), 'ext-1')");
    assertThat(schema.emptyTables()).isEmpty();
  }
}
