package dev.slipway.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.Statement;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.common.config.ConfigResource;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// What tests rely on, of servers that `-Pcontainers` starts.
@Tag("container")
class ContainersIT {
  @Test
  void kafkaInAContainerIsAnotherClusterThatBehavesAsTheEmbeddedOne() throws Exception {
    try (Admin admin =
        Admin.create(
            Map.of(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, SharedKafka.bootstrapServers()))) {
      var broker = new ConfigResource(ConfigResource.Type.BROKER, "1");
      Map<String, String> settings = new HashMap<>();
      admin
          .describeConfigs(List.of(broker))
          .all()
          .get(30, TimeUnit.SECONDS)
          .values()
          .forEach(config ->
              config.entries().forEach(entry -> settings.put(entry.name(), entry.value())));
      Map<String, String> expected = new HashMap<>();
      KafkaServer.behaviour().forEach((name, value) -> expected.put(name, value.toString()));

      assertThat(settings).containsAllEntriesOf(expected);
      assertThat(admin.describeCluster().clusterId().get(30, TimeUnit.SECONDS))
          .isNotEqualTo(KafkaServer.CLUSTER_ID);
    }
  }

  @Test
  void postgresInAContainerHasTheEmbeddedOnesLoginLocaleAndSettings() throws Exception {
    URI url = URI.create(SharedPostgres.newDatabase());
    var address = new PostgresAddress(url.getHost(), url.getPort(), "test");

    try (Connection connection = address.connect(url.getPath().substring(1));
        Statement statement = connection.createStatement();
        ResultSet row =
            statement.executeQuery(
                """
                select inet_server_port(), current_setting('fsync'), current_setting('jit'),
                  (select rolsuper from pg_roles where rolname = current_user),
                  (select datlocprovider::text || datlocale from pg_database
                   where datname = current_database())
                """)) {
      row.next();

      assertThat(row.getString(2)).isEqualTo("off");
      assertThat(row.getString(3)).isEqualTo("off");
      assertThat(row.getBoolean(4)).isFalse();
      assertThat(row.getString(5)).isEqualTo("bC.UTF-8");
      assertThat(row.getInt(1)).isEqualTo(5432);
    }
  }
}
