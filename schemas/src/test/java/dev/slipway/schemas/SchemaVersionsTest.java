package dev.slipway.schemas;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.schemas.github.Delivery;
import dev.slipway.schemas.notification.Notification;
import dev.slipway.schemas.publisher.Checkpoint;
import dev.slipway.schemas.pullrequest.PullRequestEvent;
import dev.slipway.schemas.sandbox.SandboxCommand;
import dev.slipway.schemas.sandbox.SandboxEvent;
import dev.slipway.schemas.sandbox.SandboxOutput;
import dev.slipway.schemas.task.TaskCommand;
import dev.slipway.schemas.task.TaskEvent;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.avro.Schema;
import org.apache.avro.SchemaFormatter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/// `versions/<topic>/v<n>.avsc` keeps every version of a topic's schema that ever wrote a record.
class SchemaVersionsTest {
  private static final Path VERSIONS = Path.of("versions");

  private static final Map<Topic, Schema> CURRENT =
      Map.of(
          Topics.GITHUB_DELIVERIES,
          Delivery.getClassSchema(),
          Topics.PULL_REQUEST_EVENTS,
          PullRequestEvent.getClassSchema(),
          Topics.TASK_COMMANDS,
          TaskCommand.getClassSchema(),
          Topics.TASK_EVENTS,
          TaskEvent.getClassSchema(),
          Topics.SANDBOX_COMMANDS,
          SandboxCommand.getClassSchema(),
          Topics.SANDBOX_EVENTS,
          SandboxEvent.getClassSchema(),
          Topics.SANDBOX_OUTPUT,
          SandboxOutput.getClassSchema(),
          Topics.NOTIFICATIONS,
          Notification.getClassSchema(),
          Topics.PR_RELAY,
          Checkpoint.getClassSchema(),
          Topics.SANDBOX_RELAY,
          Checkpoint.getClassSchema());

  static Stream<Topic> topics() {
    return CURRENT.keySet().stream();
  }

  @ParameterizedTest
  @MethodSource("topics")
  void theNewestCommittedVersionIsTheCurrentSchema(Topic topic) throws IOException {
    Schema current = current(topic);
    List<Schema> versions = versions(topic);
    String next = "%s/v%d.avsc".formatted(topic.name(), versions.size() + 1);
    Path proposal = Path.of("target", "versions").resolve(next);
    Files.createDirectories(proposal.getParent());
    Files.writeString(proposal, SchemaFormatter.format("json/pretty", current) + "\n");

    assertThat(versions)
        .as(
            "the schema changed: commit it with `cp schemas/%s schemas/versions/%s`",
            proposal, next)
        .isNotEmpty()
        .last()
        .isEqualTo(current);
  }

  @ParameterizedTest
  @MethodSource("topics")
  void everyVersionGetsAlongWithEveryLaterOne(Topic topic) throws IOException {
    List<Schema> versions = versions(topic);
    List<String> violations = new ArrayList<>();
    for (int older = 0; older < versions.size(); older++) {
      for (int newer = older; newer < versions.size(); newer++) {
        String pair = "v%d → v%d: ".formatted(older + 1, newer + 1);
        SchemaRules.violations(versions.get(older), versions.get(newer))
            .forEach(violation -> violations.add(pair + violation));
      }
    }

    assertThat(violations).isEmpty();
  }

  @ParameterizedTest
  @MethodSource("topics")
  void everyTypeAndFieldIsDocumented(Topic topic) {
    assertThat(SchemaRules.omissions(current(topic))).isEmpty();
  }

  @Test
  void everyTopicWithAvroValuesIsListedHere() {
    assertThat(Topics.all())
        .filteredOn(topic -> topic.value().startsWith("dev.slipway."))
        .allSatisfy(topic -> assertThat(topic.value()).isEqualTo(current(topic).getFullName()));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          'timestamp-micros' | 'timestamp-millis' | has another logical type
          '"name":"guid","type":{"type":"string","avro.java.string":"String"}' | '"name":"guid","type":"long"' | cannot read
          '"name":"content_type"' | '"name":"media_type"' | was removed
          '"name":"action","type":["null",{"type":"string","avro.java.string":"String"}]' | '"name":"action","type":["null","long"]' | cannot be read
          '"name":"GitHubObserved"' | '"name":"GitHubRead"' | was removed
          """)
  void aBreakingChangeIsFound(String before, String after, String expected) {
    Schema v1 = Delivery.getClassSchema();
    String changed = v1.toString().replace(before, after);
    assertThat(changed).isNotEqualTo(v1.toString());

    assertThat(SchemaRules.violations(v1, new Schema.Parser().parse(changed)))
        .anySatisfy(violation -> assertThat(violation).contains(expected));
  }

  @Test
  void anAddedFieldWithADefaultAndAnAddedBranchAreNoViolation() {
    Schema v1 = Delivery.getClassSchema();
    String wider =
        v1.toString()
            .replace(
                "{\"name\":\"guid\"",
                "{\"name\":\"added\",\"type\":[\"null\",\"long\"],\"default\":null},{\"name\":\"guid\"")
            .replace(
                "{\"type\":\"record\",\"name\":\"GitHubObserved\"",
                "{\"type\":\"record\",\"name\":\"Added\",\"fields\":[]},"
                    + "{\"type\":\"record\",\"name\":\"GitHubObserved\"");

    assertThat(wider).contains("added", "Added");
    assertThat(SchemaRules.violations(v1, new Schema.Parser().parse(wider))).isEmpty();
  }

  private static Schema current(Topic topic) {
    return CURRENT.getOrDefault(topic, Schema.create(Schema.Type.NULL));
  }

  private static List<Schema> versions(Topic topic) throws IOException {
    List<Schema> versions = new ArrayList<>();
    Path directory = VERSIONS.resolve(topic.name());
    for (int n = 1; Files.exists(directory.resolve("v" + n + ".avsc")); n++) {
      versions.add(new Schema.Parser().parse(directory.resolve("v" + n + ".avsc").toFile()));
    }
    return versions;
  }
}
