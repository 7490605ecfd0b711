package dev.slipway.pipeline.stage;

import dev.slipway.pipeline.core.AggregateId;
import dev.slipway.pipeline.core.Link;
import dev.slipway.pipeline.core.Numbered;
import dev.slipway.pipeline.database.Columns;
import dev.slipway.pipeline.database.Flight;
import dev.slipway.pipeline.database.Flight.Answer;
import dev.slipway.pipeline.error.PermanentException;
import dev.slipway.pipeline.kafka.CloudEvent;
import dev.slipway.pipeline.stage.EventDecoder.Recorded;
import dev.slipway.pipeline.stage.Job.Call;
import dev.slipway.pipeline.stage.Job.Happened;
import dev.slipway.pipeline.stage.Job.Tell;
import dev.slipway.pipeline.stage.Job.Told;
import dev.slipway.pipeline.stage.LinkedReader.Found;
import dev.slipway.schemas.Topic;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/// The small ordered stage of the tests: it publishes events and commands, has deadlines,
/// operations and links, and reads two topics.
final class JobStage {
  static final String NAME = "test.jobs";
  static final Topic COMMANDS = topic("job.commands");
  static final Topic NEWS = topic("ticket.news");
  static final Topic EVENTS = topic("job.events");
  static final Topic TOLD = topic("other.commands");
  static final Topic DEAD_LETTERS = topic("test.jobs.dlt");
  private static final JsonMapper JSON = JsonMapper.builder().build();

  /// Of an operation that says `soon`.
  private static final Duration PATIENCE = Duration.ofMillis(300);

  private JobStage() {}

  private static Topic topic(String name) {
    return new Topic(name, "a job's id", "text", 2, Optional.empty(), false, 1_048_576, false);
  }

  static Table<Job, Told, Happened> table() {
    return Table.<Job, Told, Happened>of(
            "job",
            "job_id",
            "uuid",
            JSON::writeValueAsString,
            text -> JSON.readValue(text, Job.class))
        .uniqueOverTenants()
        .column("status", "text", Job::status);
  }

  /// The stage over these states.
  static Stage<Job, Told, Happened> over(StateStore<Job, Told, Happened> states) {
    return described(states, false).deadLetters(DEAD_LETTERS);
  }

  /// The same without its bug.
  static Stage<Job, Told, Happened> fixed(StateStore<Job, Told, Happened> states) {
    return described(states, true).deadLetters(DEAD_LETTERS);
  }

  /// The same, whose rows are what its events say.
  static Stage<Job, Told, Happened> rebuilt(StateStore<Job, Told, Happened> states) {
    return described(states, false).rebuiltFrom(JobStage::happened).deadLetters(DEAD_LETTERS);
  }

  private static Stage.Builder<Job, Told, Happened> described(
      StateStore<Job, Told, Happened> states, boolean fixed) {
    return Stage.named(NAME, new JobDecider(fixed), states)
        .reads(COMMANDS, JobStage::command)
        .reads(NEWS, JobStage::news)
        .publishes(new Events())
        .sends(Tell.class, new Commands())
        .operates(
            Call.class,
            new Operations(),
            failed -> Optional.of(new Told.WorkFailed(failed.failure().code())))
        .waits(
            job -> job.dueAt() == null ? Map.of() : Map.of("over", job.dueAt()),
            (_, at) -> new Told.TimeOver(at))
        .linked(JobStage::links, Map.of("ticket", JobStage::otherSide))
        .tellsOfConflicts(_ -> Optional.of(new Told.Taken()));
  }

  private static Optional<Recorded<Happened>> happened(
      ConsumerRecord<byte[], byte[]> record, CloudEvent envelope) {
    Class<? extends Happened> type =
        switch (envelope.type()) {
          case "job.begun" -> Happened.Begun.class;
          case "job.noted" -> Happened.Noted.class;
          case "job.extended" -> Happened.Extended.class;
          case "job.ticket_taken" -> Happened.TicketTaken.class;
          case "job.ended" -> Happened.Ended.class;
          default -> null;
        };
    return type == null
        ? Optional.empty()
        : Optional.of(
            new Recorded<>(
                new AggregateId(JobWorld.TENANT, text(record.key())),
                JSON.readValue(record.value(), type),
                envelope.id()));
  }

  private static Set<Link> links(AggregateId id, Job job) {
    var links = new HashSet<Link>();
    if (job.name() != null && !job.status().equals("OVER")) {
      links.add(new Link(id.tenant(), "name", job.name(), true));
    }
    if (job.ticket() != null) {
      links.add(new Link(id.tenant(), "ticket", job.ticket(), false));
    }
    return links;
  }

  private static Answer<List<Found<Told>>> otherSide(Flight flight, Collection<Link> links) {
    return flight.query(
        """
        select t.tenant, t.ticket, t.news from ticket_news t
        join unnest(?::text[], ?::text[]) as k (tenant, ticket) using (tenant, ticket)
        order by news
        """,
        row ->
            new Found<>(
                new Link(
                    Columns.required(row, "tenant", String.class),
                    "ticket",
                    Columns.required(row, "ticket", String.class),
                    false),
                new Told.News(Columns.required(row, "news", String.class))),
        Columns.of(links, Link::tenant, String[]::new),
        Columns.of(links, Link::value, String[]::new));
  }

  /// `begin NAME`, `note TEXT`, `work WHAT`, `take TICKET`; the tenant is what the record's source
  /// says.
  private static Optional<Input<Told>> command(
      ConsumerRecord<byte[], byte[]> record, CloudEvent envelope) {
    String[] words = text(record.value()).split(" ", 2);
    String rest = words.length > 1 ? words[1] : "";
    Told told =
        switch (words[0]) {
          case "begin" -> new Told.Begin(rest.isEmpty() ? null : rest, null, false);
          case "note" -> new Told.Note(rest);
          case "work" -> new Told.Work(rest);
          case "call" -> new Told.CallAs(envelope.id(), rest);
          case "take" -> new Told.Take(rest);
          default -> throw new PermanentException("it is no command", null);
        };
    return Optional.of(Input.to(envelope.source(), text(record.key()), told));
  }

  /// News of a ticket, which is the record's key.
  private static Optional<Input<Told>> news(
      ConsumerRecord<byte[], byte[]> record, CloudEvent envelope) {
    return Optional.of(
        Input.toLinked(
            new Link(envelope.source(), "ticket", text(record.key()), false),
            new Told.News(text(record.value()))));
  }

  private static String text(byte @Nullable [] bytes) {
    return bytes == null ? "" : new String(bytes, StandardCharsets.UTF_8);
  }

  private static final class Events implements EventCodec<Job, Happened> {
    @Override
    public Topic topic() {
      return EVENTS;
    }

    @Override
    public String source() {
      return "test";
    }

    @Override
    public @Nullable String type(Happened event) {
      return switch (event) {
        case Happened.Begun _ -> "job.begun";
        case Happened.Noted _ -> "job.noted";
        case Happened.Extended _ -> "job.extended";
        case Happened.TicketTaken _ -> "job.ticket_taken";
        case Happened.Ended _ -> "job.ended";
        case Happened.Touched _ -> null;
      };
    }

    @Override
    public byte[] encode(AggregateId id, Job after, Numbered<Happened> event) {
      return JSON.writeValueAsBytes(event.event());
    }
  }

  private static final class Commands implements CommandCodec<Tell> {
    @Override
    public Topic topic() {
      return TOLD;
    }

    @Override
    public String source() {
      return "test";
    }

    @Override
    public String type(Tell command) {
      return "other.tell";
    }

    @Override
    public String key(AggregateId sender, Tell command) {
      return sender.key();
    }

    @Override
    public byte[] encode(AggregateId sender, Tell command) {
      return command.what().getBytes(StandardCharsets.UTF_8);
    }
  }

  private static final class Operations implements OperationCodec<Call> {
    @Override
    public String kind(Call operation) {
      return "call";
    }

    @Override
    public String encode(Call operation) {
      return JSON.writeValueAsString(operation);
    }

    @Override
    public boolean isOrdered(Call operation) {
      return operation.what().startsWith("in line");
    }

    @Override
    public Optional<Duration> patience(Call operation) {
      return operation.what().contains("soon") ? Optional.of(PATIENCE) : Optional.empty();
    }
  }

  /// A time that Postgres keeps as it is.
  static Instant micros(Instant time) {
    return time.truncatedTo(ChronoUnit.MICROS);
  }
}
