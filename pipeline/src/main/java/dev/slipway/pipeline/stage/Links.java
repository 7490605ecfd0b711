package dev.slipway.pipeline.stage;

import dev.slipway.pipeline.core.AggregateId;
import dev.slipway.pipeline.core.Link;
import dev.slipway.pipeline.database.Columns;
import dev.slipway.pipeline.database.Flight;
import dev.slipway.pipeline.database.Flight.Answer;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/// Table `link`.
final class Links {
  private static final Comparator<Row> ORDER =
      Comparator.comparing((Row row) -> row.link().tenant())
          .thenComparing(row -> row.link().kind())
          .thenComparing(row -> row.link().value());

  private final short stageId;

  Links(short stageId) {
    this.stageId = stageId;
  }

  /// Who has these.
  Answer<List<Map.Entry<Link, AggregateId>>> owners(Flight flight, Collection<Link> links) {
    return flight.query(
        """
        select l.tenant, l.kind, l.value, l.key from link l
        join unnest(?::text[], ?::text[], ?::text[]) as k (tenant, kind, value) using (tenant, kind, value)
        where l.stage_id = ?
        order by l.tenant, l.key
        """,
        row -> {
          String tenant = Columns.required(row, "tenant", String.class);
          return Map.entry(
              new Link(
                  tenant,
                  Columns.required(row, "kind", String.class),
                  Columns.required(row, "value", String.class),
                  false),
              new AggregateId(tenant, Columns.required(row, "key", String.class)));
        },
        Columns.of(links, Link::tenant, String[]::new),
        Columns.of(links, Link::kind, String[]::new),
        Columns.of(links, Link::value, String[]::new),
        stageId);
  }

  /// Writes what aggregates are found by now and were not before, and the other way round.
  void write(Flight flight, Collection<Row> gone, Collection<Row> unsorted) {
    // two transactions that take the same names wait for each other in one order
    List<Row> made = unsorted.stream().sorted(ORDER).toList();
    if (!gone.isEmpty()) {
      var _ =
          flight.update(
              """
              delete from link l using unnest(?::text[], ?::text[], ?::text[], ?::text[])
                as k (tenant, kind, value, key)
              where l.stage_id = ? and l.tenant = k.tenant and l.kind = k.kind and l.value = k.value
                and l.key = k.key
              """,
              tenants(gone),
              kinds(gone),
              values(gone),
              keys(gone),
              stageId);
    }
    if (!made.isEmpty()) {
      var _ =
          flight.update(
              """
              insert into link (stage_id, tenant, kind, value, key, is_exclusive)
              select ?, * from unnest(?::text[], ?::text[], ?::text[], ?::text[], ?::boolean[])
              """,
              stageId,
              tenants(made),
              kinds(made),
              values(made),
              keys(made),
              Columns.of(made, row -> row.link().exclusive(), Boolean[]::new));
    }
  }

  private static Object tenants(Collection<Row> rows) {
    return Columns.of(rows, row -> row.link().tenant(), String[]::new);
  }

  private static Object kinds(Collection<Row> rows) {
    return Columns.of(rows, row -> row.link().kind(), String[]::new);
  }

  private static Object values(Collection<Row> rows) {
    return Columns.of(rows, row -> row.link().value(), String[]::new);
  }

  private static Object keys(Collection<Row> rows) {
    return Columns.of(rows, row -> row.id().key(), String[]::new);
  }

  /// A link and who has it.
  record Row(Link link, AggregateId id) {}
}
