package dev.slipway.sandbox.sandbox;

import dev.slipway.pipeline.core.AggregateId;
import dev.slipway.pipeline.database.Columns;
import dev.slipway.pipeline.database.Database;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/// What workers read of sandboxes: as it was committed last. All of it may throw a
/// [dev.slipway.pipeline.error.RetryableException] when the database does not answer.
public final class SandboxRows {
  private final Database database;

  public SandboxRows(Database database) {
    this.database = database;
  }

  /// A sandbox as it is now.
  public Optional<SandboxState> find(AggregateId id) {
    return database
        .inStage(transaction ->
            transaction.query(
                "select state::text as state from sandbox where tenant = ? and sandbox_id = ?::uuid",
                row -> SandboxJson.state(Columns.required(row, "state", String.class)),
                id.tenant(),
                id.key()))
        .stream()
        .findFirst();
  }

  /// References to secrets that commands in a sandbox were given.
  public List<String> references(AggregateId id) {
    return database.inStage(transaction ->
        transaction.query(
            """
            select distinct given.value as reference
            from operation o, jsonb_each_text(coalesce(o.request #> '{command,environment}', '{}')) given
            where o.stage_id = (select stage_id from stage where name = ?) and o.tenant = ? and o.key = ?
              and o.kind = 'run_command' and given.value like 'secret://%'
            """,
            row -> Columns.required(row, "reference", String.class),
            SandboxStage.NAME,
            id.tenant(),
            id.key()));
  }

  /// A sandbox that its provider should have.
  ///
  /// @param isWanted whether nobody wants its end
  public record Alive(AggregateId id, String externalId, boolean isWanted) {}

  /// All that their provider should have, of every tenant.
  public List<Alive> alive() {
    return database.inStage(transaction ->
        transaction.query(
            """
            select tenant, sandbox_id::text as key, external_id, status <> 'TERMINATING' as wanted from sandbox
            where status not in ('NONE', 'TERMINATED', 'FAILED') and external_id is not null
            """,
            row ->
                new Alive(
                    new AggregateId(
                        Columns.required(row, "tenant", String.class),
                        Columns.required(row, "key", String.class)),
                    Columns.required(row, "external_id", String.class),
                    Columns.required(row, "wanted", Boolean.class))));
  }

  /// By which a provider's sandboxes are known as this installation's; drawn when the schema was
  /// made.
  public UUID installation() {
    return database
        .inStage(transaction ->
            transaction.query(
                "select installation_id from installation",
                row -> Columns.required(row, "installation_id", UUID.class)))
        .getFirst();
  }

  /// Whether nobody of the installation has looked after sandboxes for so long; if so, it is the
  /// caller's to do.
  public boolean isTimeToCare(Duration interval) {
    return database.inStage(transaction ->
        transaction.update(
            """
            update installation set cared_at = clock_timestamp()
            where cared_at < clock_timestamp() - make_interval(secs => ?) * 0.9
            """,
            interval.toMillis() / 1000.0))
        > 0;
  }
}
