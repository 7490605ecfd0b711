package dev.slipway.standalone;

import dev.slipway.pipeline.kafka.PartitionCounts;
import dev.slipway.pipeline.kafka.TopicDrift;
import dev.slipway.pipeline.kafka.TopicReport;
import dev.slipway.standalone.directory.DataDirectory;
import dev.slipway.standalone.directory.Endpoint;
import dev.slipway.standalone.directory.Endpoints;
import dev.slipway.standalone.parts.TopicCatalogue;
import dev.slipway.standalone.parts.Wiring;
import java.io.PrintWriter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import tools.jackson.databind.json.JsonMapper;

/// Holds a cluster to the catalogue of topics. Exit status 1: it still differs.
@Command(
    name = "topics",
    description = "Compares the topics of a cluster with the catalogue, and creates them.")
final class TopicsCommand implements Runnable {
  /// More than any cluster wants of one topic.
  private static final int MOST_PARTITIONS = 1_000;

  private final GlobalOptions options;
  private final Map<String, String> environment;

  @Spec CommandSpec spec;

  @SuppressWarnings("NullAway.Init") // picocli fills it in
  TopicsCommand(GlobalOptions options, Map<String, String> environment) {
    this.options = options;
    this.environment = environment;
  }

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "topics needs a subcommand: list or apply");
  }

  @Command(name = "list", description = "Shows each topic and how it differs; changes nothing.")
  int list() {
    return list(PartitionCounts.catalogue());
  }

  private int list(PartitionCounts counts) {
    try (TopicCatalogue catalogue = catalogue(counts)) {
      return print(catalogue.list());
    }
  }

  @Command(
      name = "apply",
      description = "Creates what is missing and mends settings; never moves a record.")
  int apply(
      @Option(names = "--dry-run", description = "Only show what would be done.") boolean dryRun,
      @Option(
              names = "--partitions",
              paramLabel = "N",
              description = {
                "Of each topic that it makes (default: those of the catalogue). One that is there keeps its"
                    + " own, a dead-letter topic has as many as its source, and what leads by one partition"
                    + " has one."
              })
          @Nullable Integer partitions) {
    PartitionCounts counts = counts(partitions);
    if (dryRun) {
      return list(counts);
    }
    try (TopicCatalogue catalogue = catalogue(counts)) {
      catalogue.apply();
      return print(catalogue.list());
    }
  }

  private PartitionCounts counts(@Nullable Integer partitions) {
    if (partitions == null) {
      return PartitionCounts.catalogue();
    }
    if (partitions < 1 || partitions > MOST_PARTITIONS) {
      throw new ParameterException(
          spec.commandLine(), "--partitions must be between 1 and " + MOST_PARTITIONS);
    }
    return PartitionCounts.each(partitions);
  }

  private TopicCatalogue catalogue(PartitionCounts counts) {
    return Wiring.givenKafka(environment)
        .map(servers -> TopicCatalogue.of(servers, Map.of(), counts))
        .or(() ->
            Endpoints.read(options.dataDir)
                .find(Endpoint.KAFKA)
                .map(servers -> catalogueOf(servers, counts)))
        .orElseThrow(() ->
            new CommandFailedException(
                ExitCode.PREREQUISITE,
                "no Kafka: run `slipway up`, or set KAFKA_BOOTSTRAP_SERVERS"));
  }

  /// The installation's own broker has its clients' settings beside the endpoints; for another they
  /// stand in the environment.
  private TopicCatalogue catalogueOf(String servers, PartitionCounts counts) {
    return TopicCatalogue.of(servers, DataDirectory.kafkaClient(options.dataDir, servers), counts);
  }

  private int print(List<TopicReport> reports) {
    PrintWriter out = spec.commandLine().getOut();
    if (options.json) {
      out.println(
          JsonMapper.shared()
              .writeValueAsString(reports.stream().map(TopicsCommand::json).toList()));
    } else {
      Table table = new Table().row("TOPIC", "PARTITIONS", "KEPT", "DIFFERS");
      for (TopicReport report : reports) {
        table.row(
            report.name(),
            Integer.toString(report.partitions()),
            report.retention().map(kept -> kept.toDays() + " d").orElse("for ever"),
            report.drifts().isEmpty() ? "-" : String.join("; ", differences(report)));
      }
      out.print(table);
    }
    out.flush();
    return reports.stream().allMatch(report -> report.drifts().isEmpty())
        ? ExitCode.DONE
        : ExitCode.FAILED;
  }

  private static Map<String, Object> json(TopicReport report) {
    Map<String, Object> row = new LinkedHashMap<>();
    row.put("name", report.name());
    row.put("partitions", report.partitions());
    row.put("retention_seconds", report.retention().map(kept -> kept.toSeconds()).orElse(null));
    row.put("differs", differences(report));
    return row;
  }

  private static List<String> differences(TopicReport report) {
    return report.drifts().stream().map(TopicsCommand::describe).toList();
  }

  private static String describe(TopicDrift drift) {
    return switch (drift) {
      case TopicDrift.Missing() -> "missing";
      case TopicDrift.Partitions(var actual) ->
          "%d partitions, and must have one: delete the topic, and apply again".formatted(actual);
      case TopicDrift.Replication(var actual, var expected) ->
          "%d replicas, not %d: reassign them with Kafka's own tool".formatted(actual, expected);
      case TopicDrift.Setting(var name, var actual, var expected) ->
          "%s is %s, not %s".formatted(name, actual, expected);
    };
  }
}
