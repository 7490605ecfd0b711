package dev.slipway.sandbox.git;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.slipway.pipeline.database.Columns;
import dev.slipway.pipeline.kafka.KafkaClients;
import dev.slipway.pipeline.stage.ServiceSchema;
import dev.slipway.sandbox.command.Workplace;
import dev.slipway.schemas.Topics;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Header;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.http.MediaType;
import tools.jackson.databind.JsonNode;

/// The credential of the git host is looked for wherever one could be left while a repository goes
/// into a sandbox whose network is off, and a branch comes out.
@Tag("slow")
@Timeout(180)
@ExtendWith(OutputCaptureExtension.class)
class GitCanaryIT {
  private static final String PATH = "/home/user/site";

  @TempDir private Path directory;
  private final Set<String> told = ConcurrentHashMap.newKeySet();
  private final Set<String> seen = ConcurrentHashMap.newKeySet();

  @Test
  void theCredentialOfTheGitHostIsFoundNowhere(CapturedOutput output) throws Exception {
    // beside what is searched: the host knows its own token
    Path elsewhere = Files.createTempDirectory("site");
    try (var site = new Site(elsewhere);
        var place =
            new Workplace(
                directory,
                true,
                List.of(
                    "--slipway.github.api-url=" + site.api(),
                    "--slipway.github.token=" + Site.TOKEN,
                    "--slipway.git.directory=" + directory.resolve("git")))) {
      var _ = site.create("site", Site.folder(elsewhere.resolve("content"), "one", "1\n"));
      var isOver = new CountDownLatch(1);
      Thread watch = Thread.ofPlatform().start(() -> watch(isOver));
      try {
        String sandbox = place.create(Map.of("network", "off"));
        // long enough to look around in the middle of it
        place
            .provider()
            .fault(
                "{\"match\": \"POST /files\", \"kind\": \"delay\", \"delay_ms\": 1500, \"times\": 1}");
        int uploads = place.provider().calls("POST /files");
        String clone =
            asked(
                place, "clone", Map.of("sandbox_id", sandbox, "repository_url", site.url("site")));
        await()
            .atMost(Workplace.PATIENCE)
            .until(() -> place.provider().calls("POST /files") > uploads);
        assertIsNowhereBelow(directory);
        succeeded(place, clone);
        assertIsNowhereBelow(directory);
        succeeded(place, asked(place, "branch", in(sandbox, Map.of("name", "work"))));
        write(place, sandbox);
        succeeded(place, asked(place, "commit", in(sandbox, Map.of("message", "x"))));
        assertIsNowhereBelow(directory);
        site.fault("POST /*/*/git-receive-pack", "delay", 1_000, 1);
        succeeded(place, asked(place, "push", in(sandbox, Map.of())));
        // and where it is refused, which is when things are told
        site.refuse(401);
        assertThat(
                ended(place, asked(place, "push", in(sandbox, Map.of())))
                    .at("/failure/code")
                    .asString())
            .isEqualTo("auth_failed");
        String look =
            place.run(
                sandbox, "env; cat /proc/[0-9]*/environ /proc/[0-9]*/cmdline | tr '\\0' '\\n'");
        var _ = ended(place, look);
        told.add(place.output(look, "stdout"));
      } finally {
        isOver.countDown();
        watch.join();
      }
      assertIsNowhereBelow(directory);
      told.add(output.getAll());
      told.addAll(rows(place));
      told.addAll(records(place));
    }
    assertThat(seen).as("processes of git that speak to the host").isNotEmpty();
    assertThat(told).isNotEmpty().noneMatch(one -> one.contains(Site.TOKEN));
  }

  private static Map<String, String> in(String sandbox, Map<String, String> more) {
    var body = new HashMap<>(more);
    body.put("sandbox_id", sandbox);
    body.put("path", PATH);
    return body;
  }

  private String asked(Workplace place, String verb, Map<String, String> body) {
    JsonNode operation =
        Workplace.json(
            place
                .api()
                .post()
                .uri("/api/v1/git/" + verb)
                .bodyValue(body)
                .exchange()
                .expectBody()
                .returnResult());
    return operation.get("operation_id").asString();
  }

  private JsonNode ended(Workplace place, String operation) {
    JsonNode ended = place.awaitEnd(operation);
    told.add(ended.toString());
    return ended;
  }

  private void succeeded(Workplace place, String operation) {
    JsonNode ended = ended(place, operation);
    assertThat(ended.get("state").asString()).as(ended.toString()).isEqualTo("SUCCEEDED");
  }

  private static void write(Workplace place, String sandbox) {
    place
        .api()
        .put()
        .uri("/api/v1/sandboxes/{id}/files?path={path}", sandbox, PATH + "/two")
        .contentType(MediaType.APPLICATION_OCTET_STREAM)
        .bodyValue(new byte[] {1})
        .exchange()
        .expectStatus()
        .isOk();
  }

  /// The disk of the sandbox, snapshots and throwaways of the worker, its logs.
  private static void assertIsNowhereBelow(Path folder) throws IOException {
    var holding = new ArrayList<Path>();
    Path _ =
        Files.walkFileTree(
            folder,
            new SimpleFileVisitor<>() {
              @Override
              public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                if (attributes.isRegularFile() && read(file).contains(Site.TOKEN)) {
                  holding.add(file);
                }
                return FileVisitResult.CONTINUE;
              }

              @Override
              public FileVisitResult visitFileFailed(Path file, IOException why) {
                return FileVisitResult.CONTINUE; // it went while we came
              }
            });
    assertThat(holding).isEmpty();
  }

  /// Looks at all processes of this machine, those of the sandbox too, again and again.
  private void watch(CountDownLatch isOver) {
    try {
      while (!isOver.await(10, TimeUnit.MILLISECONDS)) {
        look();
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  private void look() {
    try (Stream<Path> all = Files.list(Path.of("/proc"))) {
      all.filter(one -> one.getFileName().toString().matches("\\d+"))
          .forEach(process -> {
            String arguments = read(process.resolve("cmdline"));
            String whole = arguments + read(process.resolve("environ"));
            if (whole.contains(Site.TOKEN)) {
              told.add(process + " " + whole);
            }
            if (arguments.contains("git-remote-http") || arguments.contains("remote-http")) {
              seen.add(arguments);
            }
          });
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// Empty when it is gone, or somebody else's.
  private static String read(Path file) {
    try {
      return Files.readString(file, StandardCharsets.ISO_8859_1);
    } catch (IOException _) {
      return "";
    }
  }

  private static List<String> rows(Workplace place) {
    return place
        .service()
        .bean(ServiceSchema.class)
        .database()
        .inStage(transaction -> {
          List<String> tables =
              transaction.query(
                  """
                  select tablename::text as v from pg_tables where schemaname = 'sandbox'
                    and has_table_privilege(format('sandbox.%I', tablename), 'select')
                  """,
                  row -> Columns.required(row, "v", String.class));
          var rows = new ArrayList<String>();
          for (String table : tables) {
            rows.addAll(
                transaction.query(
                    "select t::text as v from %s t".formatted(table),
                    row -> Columns.required(row, "v", String.class)));
          }
          assertThat(tables).contains("operation", "sandbox", "outbox");
          return rows;
        });
  }

  private static List<String> records(Workplace place) {
    KafkaClients clients = place.service().bean(KafkaClients.class);
    var records = new ArrayList<String>();
    try (Consumer<byte[], byte[]> consumer = clients.newConsumer(clients.consumer("canary"))) {
      List<TopicPartition> partitions =
          Topics.all().stream()
              .flatMap(topic -> consumer.partitionsFor(clients.topicNames().of(topic)).stream())
              .map(info -> new TopicPartition(info.topic(), info.partition()))
              .toList();
      consumer.assign(partitions);
      consumer.seekToBeginning(partitions);
      Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
      while (partitions.stream()
          .anyMatch(one -> consumer.position(one) < ends.getOrDefault(one, 0L))) {
        consumer.poll(Duration.ofMillis(100)).forEach(record -> records.add(text(record)));
      }
    }
    assertThat(records).anyMatch(record -> record.contains(PATH));
    return records;
  }

  private static String text(ConsumerRecord<byte[], byte[]> record) {
    var text = new StringBuilder();
    for (byte[] part : new byte[][] {record.key(), record.value()}) {
      text.append(part == null ? "" : new String(part, StandardCharsets.ISO_8859_1)).append('\n');
    }
    for (Header header : record.headers()) {
      text.append(new String(header.value(), StandardCharsets.ISO_8859_1)).append('\n');
    }
    return text.toString();
  }
}
