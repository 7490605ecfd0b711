package dev.slipway.pipeline.example;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.slipway.embedded.SharedKafka;
import dev.slipway.embedded.SharedPostgres;
import dev.slipway.pipeline.core.AggregateId;
import dev.slipway.pipeline.database.Database;
import dev.slipway.pipeline.database.DatabaseProperties;
import dev.slipway.pipeline.database.Migrations;
import dev.slipway.pipeline.example.Tally.Told;
import dev.slipway.pipeline.kafka.CloudEvent;
import dev.slipway.pipeline.kafka.KafkaClients;
import dev.slipway.pipeline.kafka.KafkaProperties;
import dev.slipway.pipeline.kafka.SchemaRegistryProperties;
import dev.slipway.pipeline.kafka.TopicAdmin;
import dev.slipway.pipeline.observability.Traces;
import dev.slipway.pipeline.publish.Wakeup;
import dev.slipway.pipeline.security.Secret;
import dev.slipway.pipeline.stage.Request;
import dev.slipway.pipeline.stage.Request.Answer;
import dev.slipway.pipeline.stage.ServiceSchema;
import dev.slipway.pipeline.stage.StageProperties;
import dev.slipway.pipeline.stage.StageRunner;
import dev.slipway.schemas.Ids;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;

class TallyIT {
  private static final Path PROJECT = Path.of("..").toAbsolutePath().normalize();
  private static final Pattern JAVA = Pattern.compile("(?s)```java\n(.*?)```");
  private static final Pattern SQL = Pattern.compile("(?s)```sql\n(.*?)```");

  @Test
  void theStageOfTheNewcomersPageRuns() throws Exception {
    String url =
        SharedPostgres.newDatabase("tally", each -> Migrations.migrate(properties(each), "tally"));
    var clients =
        new KafkaClients(
            new KafkaProperties(SharedKafka.bootstrapServers(), "tally.", Map.of()),
            new SchemaRegistryProperties("http://127.0.0.1:1", true, Map.of()));
    try (var admin = Admin.create(clients.admin("test"));
        var database = Database.of(properties(url), "tally");
        var producer =
            new KafkaProducer<>(
                clients.producer("test"), new ByteArraySerializer(), new ByteArraySerializer())) {
      var _ =
          new TopicAdmin(admin, clients.topicNames())
              .apply(List.of(TallyStage.COMMANDS, TallyStage.EVENTS, TallyStage.DEAD_LETTERS));
      var runner =
          new StageRunner<>(
              TallyStage.create(),
              new ServiceSchema("tally", database, new Wakeup()),
              clients,
              stages(),
              new SimpleMeterRegistry(),
              Traces.none(),
              Clock.systemUTC());
      runner.start();

      for (String more : List.of("1", "41", "5000", "no number")) {
        producer.send(command(clients, more)).get();
      }

      await()
          .atMost(Duration.ofSeconds(20))
          .until(() -> counts(database), "2 applied, 1 rejected, 1 dead"::equals);
      Answer answer =
          runner
              .request(
                  Request.of(
                      null,
                      new AggregateId("default", "stars"),
                      new Told.Count(8),
                      decided -> new Answer(200, null, decided.state().toString())))
              .join();
      assertThat(answer.body()).isEqualTo("Tally[total=50]");
      runner.stop();
    }
  }

  @Test
  void whatThePageShowsIsWhatIsRun() throws IOException {
    String page = Files.readString(PROJECT.resolve("docs/ARCHITECTURE.md"));
    String section = page.substring(page.indexOf("## A new stage in one hour"));
    String sources =
        source("java/dev/slipway/pipeline/example/Tally.java")
            + source("java/dev/slipway/pipeline/example/TallyStage.java")
            + source("resources/db/migration/tally/V001__tally.sql");

    List<String> shown =
        Stream.of(JAVA, SQL)
            .flatMap(pattern -> pattern.matcher(section).results())
            .map((MatchResult block) -> block.group(1))
            .toList();

    assertThat(shown).hasSizeGreaterThanOrEqualTo(3);
    assertThat(shown).allSatisfy(block -> assertThat(sources).contains(block));
  }

  private static String source(String path) throws IOException {
    return Files.readString(PROJECT.resolve("pipeline/src/test").resolve(path));
  }

  private static ProducerRecord<byte[], byte[]> command(KafkaClients clients, String more) {
    var record =
        new ProducerRecord<>(
            clients.topicNames().of(TallyStage.COMMANDS),
            "stars".getBytes(StandardCharsets.UTF_8),
            more.getBytes(StandardCharsets.UTF_8));
    new CloudEvent(Ids.fresh(), "tally.count", "test", Instant.EPOCH, null, null, null)
        .addTo(record.headers());
    return record;
  }

  private static String counts(Database database) {
    return database
        .inStage(transaction ->
            transaction.query(
                """
                select sum(applied) || ' applied, ' || sum(rejected) || ' rejected, ' || sum(dead) || ' dead' as v
                from stage_position
                """,
                row -> String.valueOf(row.get("v", String.class))))
        .getFirst();
  }

  private static StageProperties stages() {
    Duration second = Duration.ofSeconds(1);
    return new StageProperties(
        500,
        Duration.ZERO,
        Duration.ZERO,
        1,
        1_048_576,
        null,
        second.multipliedBy(6),
        Duration.ofMillis(10),
        second,
        100,
        second.multipliedBy(10),
        100,
        second);
  }

  private static DatabaseProperties properties(String url) {
    Duration second = Duration.ofSeconds(1);
    return new DatabaseProperties(
        new Secret(url),
        2,
        2,
        second.multipliedBy(5),
        second.multipliedBy(3),
        second.multipliedBy(5),
        second.multipliedBy(3),
        second.multipliedBy(60));
  }
}
