package dev.slipway.standalone.acceptance;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/// A program that another user of the machine runs, who knows every port and every path of an
/// installation and nothing else. It prints a line for each thing that it could do, and at last how
/// many it has tried.
///
/// Arguments: the first of the ports, a file with the paths that it should try. It stands alone:
/// its class and a few jars are copied to where that user can read them.
final class Stranger {
  private static final String TOPIC = "github.deliveries";
  private static int tried;

  private Stranger() {}

  public static void main(String[] arguments) throws Exception {
    int port = Integer.parseInt(arguments[0]);
    for (String path : Files.readAllLines(Path.of(arguments[1]))) {
      touch(Path.of(path));
    }
    kafka("bootstrap.servers", port + 3);
    kafka("bootstrap.controllers", port + 4);
    kafka("bootstrap.servers", port + 4);
    registry(port + 5);
    database(port + 6);
    System.out.println("tried " + tried);
  }

  private static void touch(Path path) {
    report(path + " read", !Files.isSymbolicLink(path) && Files.isReadable(path));
    report(path + " written", !Files.isSymbolicLink(path) && Files.isWritable(path));
    Path parent = path.resolveSibling(".");
    try {
      boolean sticky = ((int) Files.getAttribute(parent, "unix:mode") & 01000) != 0;
      report(
          path + " deleted",
          !sticky && Files.isWritable(parent) && Files.exists(path, LinkOption.NOFOLLOW_LINKS));
    } catch (IOException _) {
      report(path + " deleted", false); // not even its folder can be seen
    }
  }

  private static void kafka(String address, int port) throws InterruptedException {
    for (String password : new String[] {null, "", "slipway"}) {
      Map<String, Object> settings = new HashMap<>();
      settings.put(address, "127.0.0.1:" + port);
      settings.put("request.timeout.ms", 1_000);
      if (password != null) {
        settings.put("security.protocol", "SASL_PLAINTEXT");
        settings.put("sasl.mechanism", "PLAIN");
        settings.put(
            "sasl.jaas.config",
            "org.apache.kafka.common.security.plain.PlainLoginModule required"
                + " username=\"slipway\" password=\"%s\";".formatted(password));
      }
      String as = "Kafka at " + address + " " + port + " with password " + password;
      Map<String, Object> administering = new HashMap<>(settings);
      administering.put("default.api.timeout.ms", 1_500);
      try (Admin admin = Admin.create(administering)) {
        KafkaFuture<?> cluster = admin.describeCluster().nodes();
        if (address.equals("bootstrap.servers")) {
          KafkaFuture<?> list = admin.listTopics().names();
          KafkaFuture<?> read = admin.describeTopics(List.of(TOPIC)).allTopicNames();
          KafkaFuture<?> deletion = admin.deleteTopics(List.of(TOPIC)).all();
          report(as + " listed", succeeds(list));
          report(as + " described", succeeds(read));
          report(as + " deleted", succeeds(deletion));
          report(as + " written", writes(settings));
        }
        report(as + " asked", succeeds(cluster));
      }
    }
  }

  private static boolean writes(Map<String, Object> settings) throws InterruptedException {
    Map<String, Object> producing = new HashMap<>(settings);
    producing.put("max.block.ms", 1_000);
    try (var producer =
        new KafkaProducer<>(producing, new ByteArraySerializer(), new ByteArraySerializer())) {
      var _ = producer.send(new ProducerRecord<>(TOPIC, "forged".getBytes(UTF_8))).get();
      return true;
    } catch (ExecutionException | KafkaException _) {
      return false;
    }
  }

  private static boolean succeeds(KafkaFuture<?> answer) throws InterruptedException {
    try {
      var _ = answer.get();
      return true;
    } catch (ExecutionException _) {
      return false;
    }
  }

  private static void registry(int port) throws IOException, InterruptedException {
    try (HttpClient client = HttpClient.newHttpClient()) {
      for (String path :
          List.of(
              "/",
              "/apis/ccompat/v7/subjects",
              "/apis/ccompat/v7/config",
              "/apis/registry/v3/search/artifacts",
              "/apis/registry/v3/system/info",
              "/ui/",
              "/health/ready",
              "/q/health",
              "/metrics",
              "/q/openapi")) {
        for (String method : List.of("GET", "PUT", "DELETE", "OPTIONS")) {
          int status =
              client
                  .send(
                      HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                          .method(method, HttpRequest.BodyPublishers.noBody())
                          .build(),
                      BodyHandlers.discarding())
                  .statusCode();
          report("registry " + method + " " + path + " " + status, status != 401);
        }
      }
    }
  }

  private static void database(int port) {
    for (String user : List.of("slipway", "postgres", "root", "nobody")) {
      for (String password : List.of("", "slipway", "postgres")) {
        String as = "database as " + user + " with password " + password;
        try (Connection _ =
            DriverManager.getConnection(
                "jdbc:postgresql://127.0.0.1:" + port + "/postgres", user, password)) {
          report(as, true);
        } catch (SQLException _) {
          report(as, false);
        }
      }
    }
  }

  private static void report(String what, boolean done) {
    tried++;
    if (done) {
      System.out.println("could: " + what);
    }
  }
}
