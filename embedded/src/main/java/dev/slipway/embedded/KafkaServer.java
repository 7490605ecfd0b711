package dev.slipway.embedded;

import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import org.apache.kafka.common.utils.Exit;
import org.apache.kafka.common.utils.Time;
import org.apache.kafka.metadata.storage.Formatter;

/// A Kafka broker and its controller in this JVM, one node, on loopback.
///
/// With a password, both listeners ask for it (SASL PLAIN, user `slipway`), also of each other.
/// PLAIN and not SCRAM: what SCRAM compares with would have to stand in the metadata before the
/// first start, and folders of earlier versions have none.
///
/// The one class that touches Kafka's server: that is no public API, so a new version of Kafka may
/// break it, and only it.
public final class KafkaServer implements AutoCloseable {
  private static final int MIB = 1024 * 1024;
  private static final String USER = "slipway";
  private static final String BROKER = "BROKER";
  private static final String CONTROLLER = "CONTROLLER";

  /// Any value will do, but always the same one: formatting a directory again is then a no-op.
  static final String CLUSTER_ID = "c2xpcHdheS1lbWJlZGRlZA";

  private final KafkaRaftServer server;
  private final int brokerPort;

  private KafkaServer(KafkaRaftServer server, int brokerPort) {
    this.server = server;
    this.brokerPort = brokerPort;
  }

  /// Starts a broker that asks for no password, for tests: whoever is on this machine may use it.
  ///
  /// @param home folder of its logs; made when it is not there, kept when it is
  public static KafkaServer start(Path home, int brokerPort, int controllerPort) {
    return start(home, brokerPort, controllerPort, security("PLAINTEXT"));
  }

  /// Starts the broker and returns once it serves.
  ///
  /// @param home folder of its logs; made when it is not there, kept when it is
  /// @param password that both listeners ask for, in `[A-Za-z0-9._-]`; may change between starts
  public static KafkaServer start(Path home, int brokerPort, int controllerPort, String password) {
    Map<String, Object> security = security("SASL_PLAINTEXT");
    String server = jaas(password) + " user_%s=\"%s\";".formatted(USER, password);
    security.put("sasl.enabled.mechanisms", "PLAIN");
    security.put("sasl.mechanism.inter.broker.protocol", "PLAIN");
    security.put("sasl.mechanism.controller.protocol", "PLAIN");
    for (String listener : List.of(BROKER, CONTROLLER)) {
      String prefix = "listener.name." + listener.toLowerCase(Locale.ROOT);
      security.put(prefix + ".plain.sasl.jaas.config", server);
    }
    return start(home, brokerPort, controllerPort, security);
  }

  private static KafkaServer start(
      Path home, int brokerPort, int controllerPort, Map<String, Object> security) {
    try {
      format(Folders.createPrivate(home).toString());
      Map<String, Object> settings = settings(home.toString(), brokerPort, controllerPort);
      settings.putAll(security);
      KafkaRaftServer server = new KafkaRaftServer(new KafkaConfig(settings, false), Time.SYSTEM);
      server.startup();
      return new KafkaServer(server, brokerPort);
    } catch (Exception e) { // what Kafka's formatter declares
      throw new StartFailedException("Kafka did not start in " + home, e);
    }
  }

  /// What a client needs, besides the address, to be let in.
  public static Map<String, String> clientSettings(String password) {
    Map<String, String> settings = new LinkedHashMap<>();
    settings.put("security.protocol", "SASL_PLAINTEXT");
    settings.put("sasl.mechanism", "PLAIN");
    settings.put("sasl.jaas.config", jaas(password) + ";");
    return settings;
  }

  private static String jaas(String password) {
    return "org.apache.kafka.common.security.plain.PlainLoginModule required"
        + " username=\"%s\" password=\"%s\"".formatted(USER, password);
  }

  private static Map<String, Object> security(String protocol) {
    Map<String, Object> settings = new HashMap<>();
    settings.put(
        "listener.security.protocol.map",
        "%s:%s,%s:%s".formatted(BROKER, protocol, CONTROLLER, protocol));
    return settings;
  }

  /// What is done when Kafka gives up, as it does when its disk is full, before it ends the JVM
  /// with status 1 and without running shutdown hooks. Set before it starts; done once.
  ///
  /// @param lastWords gets the reason as Kafka gives it, which may be nothing
  public static void onFailure(Consumer<String> lastWords) {
    var begun = new AtomicBoolean();
    Exit.Procedure end =
        (_, reason) -> {
          if (begun.getAndSet(true)) {
            awaitTheEnd();
          }
          try {
            lastWords.accept(reason == null ? "" : reason);
          } finally {
            Runtime.getRuntime().halt(1);
          }
        };
    Exit.setHaltProcedure(end);
    Exit.setExitProcedure(end);
  }

  /// What failed must not go on while another thread ends the JVM.
  private static void awaitTheEnd() {
    while (true) {
      LockSupport.park();
    }
  }

  private static void format(String directory) throws Exception {
    try (PrintStream nowhere =
        new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8)) {
      new Formatter()
          .setNodeId(1)
          .setClusterId(CLUSTER_ID)
          .setIgnoreFormatted(true)
          .setControllerListenerName(CONTROLLER)
          .setDirectories(List.of(directory))
          .setMetadataLogDirectory(directory)
          .setPrintStream(nowhere)
          .run();
    }
  }

  private static Map<String, Object> settings(String directory, int brokerPort, int controller) {
    String broker = BROKER + "://127.0.0.1:" + brokerPort;
    Map<String, Object> settings = new HashMap<>();
    settings.put("process.roles", "broker,controller");
    settings.put("node.id", "1");
    settings.put("controller.quorum.voters", "1@127.0.0.1:" + controller);
    settings.put("listeners", broker + "," + CONTROLLER + "://127.0.0.1:" + controller);
    settings.put("advertised.listeners", broker);
    settings.put("controller.listener.names", CONTROLLER);
    settings.put("inter.broker.listener.name", BROKER);
    settings.put("log.dirs", directory);
    settings.putAll(behaviour());
    return settings;
  }

  /// What does not depend on where it runs.
  static Map<String, Object> behaviour() {
    Map<String, Object> settings = new HashMap<>();
    settings.put("auto.create.topics.enable", "false");
    settings.put("message.max.bytes", 48 * MIB);
    settings.put("replica.fetch.max.bytes", 48 * MIB);
    settings.putAll(singleNode());
    settings.putAll(small());
    settings.putAll(quickRestart());
    // A transaction that follows another at once waits for the end of that inside of the broker,
    // which looks again after so long; the default is 20 ms.
    settings.put("add.partitions.to.txn.retry.backoff.ms", "1");
    return settings;
  }

  private static Map<String, Object> singleNode() {
    return Map.of(
        "default.replication.factor", "1",
        "min.insync.replicas", "1",
        "offsets.topic.replication.factor", "1",
        "offsets.topic.num.partitions", "4",
        "transaction.state.log.replication.factor", "1",
        "transaction.state.log.min.isr", "1",
        "transaction.state.log.num.partitions", "4",
        "share.coordinator.state.topic.replication.factor", "1",
        "share.coordinator.state.topic.min.isr", "1",
        "share.coordinator.state.topic.num.partitions", "4");
  }

  private static Map<String, Object> small() {
    return Map.of(
        "num.io.threads", "4",
        "num.network.threads", "2",
        // Many large records at once wait in the sockets, not in our heap.
        "queued.max.request.bytes", 128 * MIB,
        "num.recovery.threads.per.data.dir", "2",
        "background.threads", "4",
        "group.coordinator.threads", "1",
        "share.coordinator.threads", "1",
        // nobody else waits for the controller's signs of life, each of which is a flush
        "metadata.max.idle.interval.ms", "5000",
        "log.cleaner.threads", "1",
        "log.cleaner.dedupe.buffer.size", 8 * MIB);
  }

  /// What would otherwise keep a restart after SIGKILL waiting: the broker for the end of its own
  /// old session, consumers for their group, producers for a dead transaction.
  private static Map<String, Object> quickRestart() {
    return Map.of(
        "broker.session.timeout.ms", "2000",
        "broker.heartbeat.interval.ms", "500",
        "group.initial.rebalance.delay.ms", "0",
        "group.min.session.timeout.ms", "1000",
        "group.consumer.min.session.timeout.ms", "3000",
        "group.consumer.session.timeout.ms", "6000",
        "group.consumer.min.heartbeat.interval.ms", "500",
        "group.consumer.heartbeat.interval.ms", "1000",
        "transaction.abort.timed.out.transaction.cleanup.interval.ms", "1000");
  }

  /// Where clients connect, as `host:port`.
  public String bootstrapServers() {
    return "127.0.0.1:" + brokerPort;
  }

  @Override
  public void close() {
    server.shutdown();
    server.awaitShutdown();
  }
}
