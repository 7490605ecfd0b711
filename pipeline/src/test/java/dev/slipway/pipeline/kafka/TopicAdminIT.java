package dev.slipway.pipeline.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.slipway.embedded.FreePorts;
import dev.slipway.embedded.SharedKafka;
import dev.slipway.pipeline.error.RetryableException;
import dev.slipway.schemas.Topic;
import dev.slipway.schemas.Topics;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.AlterConfigOp.OpType;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.NewPartitions;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.config.ConfigResource;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class TopicAdminIT {
  private final TopicNames names = new TopicNames("t" + UUID.randomUUID() + ".");
  private final Admin admin =
      Admin.create(
          Map.of(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, SharedKafka.bootstrapServers()));
  private final TopicAdmin topics = new TopicAdmin(admin, names);

  @AfterEach
  void close() {
    admin.close();
  }

  @Test
  void applyCreatesWhatIsMissingAndASecondApplyFindsNothingToDo() {
    assertThat(topics.list(Topics.all()))
        .allSatisfy(r -> assertThat(r.drifts()).containsExactly(new TopicDrift.Missing()))
        .noneMatch(TopicReport::usable);

    List<TopicReport> before = topics.apply(Topics.all());

    assertThat(before).allMatch(r -> r.drifts().getFirst().mendable());
    awaitNoDrift();
    assertThat(topics.apply(Topics.all())).allMatch(r -> r.drifts().isEmpty());
    assertThat(topics.list(Topics.all())).allMatch(TopicReport::usable);
  }

  @Test
  void aSingleBrokerFlushesEachDeliveryAndKeepsThemForEver() throws Exception {
    topics.apply(Topics.all());
    awaitNoDrift();

    assertThat(setting("flush.messages")).isEqualTo("1");
    assertThat(setting("retention.ms")).isEqualTo("-1");
    assertThat(setting("min.insync.replicas")).isEqualTo("1");
    assertThat(setting("compression.type")).isEqualTo("zstd");
    assertThat(setting("max.message.bytes")).isEqualTo(Integer.toString(40 * 1024 * 1024));
  }

  @Test
  void aChangedSettingIsReportedAndMended() throws Exception {
    topics.apply(Topics.all());
    awaitNoDrift();
    set("retention.ms", "1000");
    var drift = new TopicDrift.Setting("retention.ms", "1000", "-1");
    Awaitility.await()
        .untilAsserted(() -> assertThat(deliveries().drifts()).containsExactly(drift));

    List<TopicReport> before = topics.apply(Topics.all());

    assertThat(before.getFirst().drifts()).containsExactly(drift);
    assertThat(before.getFirst().usable()).isTrue();
    awaitNoDrift();
  }

  @Test
  void anotherPartitionCountIsNoDriftAndNeverTouched() throws Exception {
    var _ = topics.apply(Topics.all());
    awaitNoDrift();
    String name = names.of(Topics.GITHUB_DELIVERIES);
    admin.createPartitions(Map.of(name, NewPartitions.increaseTo(13))).all().get();
    Awaitility.await().until(() -> deliveries().partitions() == 13);

    assertThat(topics.apply(Topics.all())).allMatch(r -> r.drifts().isEmpty());

    assertThat(deliveries().partitions()).isEqualTo(13);
    assertThat(deliveries().usable()).isTrue();
  }

  @Test
  void whatLeadsByItsOnePartitionMustHaveOne() {
    NewTopic two = new NewTopic(names.of(Topics.PR_RELAY), 2, (short) 1);
    admin.createTopics(List.of(two));
    Awaitility.await().until(() -> relay().partitions() == 2);

    assertThat(relay().drifts()).contains(new TopicDrift.Partitions(2));
    assertThat(relay().usable()).isFalse();
  }

  @Test
  void oneBrokerMakesFewOfWhatItFlushesAndDeadLettersFollowTheirSource() {
    var one = new TopicAdmin(admin, names, PartitionCounts.oneBroker(), Map.of());
    var _ = one.apply(Topics.all());
    awaitNoDrift();

    assertThat(counts())
        .containsEntry(Topics.GITHUB_DELIVERIES, 3)
        .containsEntry(Topics.DELIVERIES_DEAD_LETTERS, 3)
        .containsEntry(Topics.SANDBOX_EVENTS, 12)
        .containsEntry(Topics.PR_SANDBOXES_DEAD_LETTERS, 12)
        .containsEntry(Topics.PR_RELAY, 1);
  }

  @Test
  void aChosenCountIsForTopicsThatAreMadeAndDeadLettersFollowASourceThatIsThere() {
    var _ =
        new TopicAdmin(admin, names, PartitionCounts.each(5), Map.of())
            .apply(List.of(Topics.TASK_COMMANDS));
    Awaitility.await()
        .untilAsserted(() -> assertThat(counts()).containsEntry(Topics.TASK_COMMANDS, 5));

    var _ = new TopicAdmin(admin, names, PartitionCounts.each(2), Map.of()).apply(Topics.all());
    awaitNoDrift();

    assertThat(counts())
        .containsEntry(Topics.TASK_COMMANDS, 5)
        .containsEntry(Topics.TASKS_DEAD_LETTERS, 5)
        .containsEntry(Topics.NOTIFICATIONS, 2)
        .containsEntry(Topics.DELIVERIES_DEAD_LETTERS, 2)
        .containsEntry(Topics.SANDBOX_RELAY, 1);
  }

  @Test
  void anInstallationKeepsATopicForAnotherTimeThanTheCatalogueSays() {
    var _ = topics.apply(List.of(Topics.GITHUB_DELIVERIES));
    var kept =
        new TopicAdmin(
            admin,
            names,
            PartitionCounts.catalogue(),
            Map.of(Topics.GITHUB_DELIVERIES, Duration.ofDays(90)));

    Awaitility.await()
        .untilAsserted(() ->
            assertThat(kept.list(List.of(Topics.GITHUB_DELIVERIES)).getFirst().drifts())
                .containsExactly(
                    new TopicDrift.Setting("retention.ms", "-1", "" + 90L * 24 * 3_600_000)));
    var _ = kept.apply(List.of(Topics.GITHUB_DELIVERIES));

    Awaitility.await()
        .untilAsserted(() ->
            assertThat(topics.list(List.of(Topics.GITHUB_DELIVERIES)).getFirst().drifts())
                .containsExactly(
                    new TopicDrift.Setting("retention.ms", "" + 90L * 24 * 3_600_000, "-1")));
  }

  @Test
  void aClusterThatDoesNotAnswerIsRetryable() {
    Map<String, Object> nowhere =
        Map.of(
            AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, "127.0.0.1:" + FreePorts.find(),
            AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, 500,
            AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG, 500);
    try (Admin lost = Admin.create(nowhere)) {
      assertThatExceptionOfType(RetryableException.class)
          .isThrownBy(() -> new TopicAdmin(lost, names).list(Topics.all()));
    }
  }

  private TopicReport deliveries() {
    return topics.list(List.of(Topics.GITHUB_DELIVERIES)).getFirst();
  }

  private void awaitNoDrift() {
    Awaitility.await()
        .atMost(Duration.ofSeconds(10))
        .untilAsserted(
            () -> assertThat(topics.list(Topics.all())).allMatch(r -> r.drifts().isEmpty()));
  }

  private TopicReport relay() {
    return topics.list(List.of(Topics.PR_RELAY)).getFirst();
  }

  private Map<Topic, Integer> counts() {
    return topics.list(Topics.all()).stream()
        .collect(Collectors.toMap(TopicReport::topic, TopicReport::partitions));
  }

  private ConfigResource resource() {
    return new ConfigResource(ConfigResource.Type.TOPIC, names.of(Topics.GITHUB_DELIVERIES));
  }

  private String setting(String name) throws ExecutionException, InterruptedException {
    return admin.describeConfigs(List.of(resource())).all().get().values().stream()
        .map(config -> String.valueOf(config.get(name).value()))
        .findFirst()
        .orElseThrow();
  }

  private void set(String name, String value) throws ExecutionException, InterruptedException {
    var change = new AlterConfigOp(new ConfigEntry(name, value), OpType.SET);
    admin.incrementalAlterConfigs(Map.of(resource(), List.of(change))).all().get();
  }
}
