package dev.slipway.embedded;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A schema registry (Apicurio Registry, which speaks Confluent's REST API) as a child of this JVM,
/// on loopback, its schemas in a file beside it. Compatibility is BACKWARD, as with Confluent's
/// own. Every path asks for a password (HTTP Basic, user `slipway`).
public final class RegistryServer implements ChildServer {
  private static final Logger log = LoggerFactory.getLogger(RegistryServer.class);
  private static final Duration START_LIMIT = Duration.ofSeconds(90);
  private static final Duration LOOK_AGAIN = Duration.ofMillis(50);
  private static final Duration REQUEST_LIMIT = Duration.ofSeconds(10);

  /// Names the owner of a running registry: its command line carries the folder.
  private static final String OWNER_FLAG = "-Dslipway.registry.folder=";

  /// Whether a registry that ends tells the JDK what to prepare for quicker starts, which takes a
  /// while: set by the start script, once per build.
  private static final boolean PREPARING = Boolean.getBoolean("slipway.registry.preparing");

  private static final List<Signal> END =
      List.of(
          new Signal("TERM", Duration.ofSeconds(PREPARING ? 60 : 6)),
          new Signal("KILL", Duration.ofSeconds(4)));

  private static final String USER = "slipway";

  private static final String TEMPORARY = "tmp";

  /// Settings that no command line may show, in a file that Quarkus is told of.
  private static final String PRIVATE_SETTINGS = "access.properties";

  private final RegistryApplication application;
  private final ChildProcess process;
  private final int port;
  private final String password;

  private RegistryServer(
      RegistryApplication application, ChildProcess process, int port, String password) {
    this.application = application;
    this.process = process;
    this.port = port;
    this.password = password;
  }

  /// Starts the registry and returns once it answers.
  ///
  /// @param home folder of its data; made when it is not there, kept when it is
  /// @param password that it asks for, in `[A-Za-z0-9._-]`; may change between starts
  public static RegistryServer start(Path home, int port, String password) {
    return start(home, home.resolve("registry.log"), port, password);
  }

  /// As the other, with its log elsewhere.
  public static RegistryServer start(Path home, Path logFile, int port, String password) {
    try {
      Path folder = Folders.createPrivate(home).toRealPath();
      endOrphans(folder);
      // Quarkus unpacks libraries there, which a SIGKILL leaves behind
      Folders.delete(folder.resolve(TEMPORARY));
      Folders.createPrivate(folder.resolve(TEMPORARY));
      Path access = folder.resolve(PRIVATE_SETTINGS);
      Folders.writePrivate(access, access(password));
      RegistryApplication application = RegistryApplication.find();
      ChildProcess process =
          ChildProcess.start(
              command(application, folder, port),
              folder,
              logFile,
              variables -> environment(variables, access),
              END);
      RegistryServer server = new RegistryServer(application, process, port, password);
      server.awaitReady(logFile);
      return server;
    } catch (IOException e) {
      throw new StartFailedException("could not start the schema registry in " + home, e);
    }
  }

  private static List<String> command(RegistryApplication application, Path folder, int port) {
    List<String> command =
        new ArrayList<>(List.of(Path.of(System.getProperty("java.home"), "bin/java").toString()));
    if (PREPARING) {
      command.add("-XX:AOTCacheOutput=" + application.newAotCache());
    } else {
      application.aotCache().ifPresent(cache -> command.add("-XX:AOTCache=" + cache));
    }
    command.addAll(
        List.of(
            "-Xmx192m",
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            "-Xlog:disable",
            "-Xlog:all=error:stderr",
            "-Djava.io.tmpdir=" + folder.resolve(TEMPORARY),
            OWNER_FLAG + folder,
            "-Dapicurio.storage.kind=sql",
            "-Dapicurio.storage.sql.kind=h2",
            "-Dapicurio.datasource.url=jdbc:h2:file:" + folder.resolve("schemas"),
            "-Dquarkus.http.host=127.0.0.1",
            "-Dquarkus.http.port=" + port,
            // Metrics and health on a port of their own, by default *:9000, that asks nobody.
            "-Dquarkus.management.host-enabled=false",
            "-Dquarkus.http.access-log.enabled=false"));
    command.addAll(application.main());
    return command;
  }

  /// Who may do what: whoever knows the password everything, everybody else nothing, on every path.
  private static String access(String password) {
    return """
    quarkus.http.auth.basic=true
    quarkus.http.auth.permission.all.paths=/*
    quarkus.http.auth.permission.all.policy=authenticated
    quarkus.security.users.embedded.plain-text=true
    quarkus.security.users.embedded.users.%s=%s
    """
        .formatted(USER, password);
  }

  /// Settings of Apicurio and Quarkus can come from the environment; those are not meant for us.
  private static void environment(Map<String, String> environment, Path access) {
    environment.keySet().removeIf(name -> !List.of("PATH", "HOME", "LANG").contains(name));
    // a list of URIs, separated by commas
    environment.put("SMALLRYE_CONFIG_LOCATIONS", access.toUri().toString().replace(",", "%2C"));
  }

  /// Ends what an earlier JVM left behind in this folder.
  public static void endOrphans(Path home) {
    if (!Files.exists(home)) {
      return;
    }
    try {
      String owner = OWNER_FLAG + home.toRealPath();
      for (OsProcess orphan : OsProcess.find(process -> process.commandLine().contains(owner))) {
        log.atInfo().addKeyValue("pid", orphan.pid()).log("ending an orphaned registry");
        Signal.end(orphan.pid(), END);
      }
    } catch (IOException e) {
      throw new StartFailedException("could not look for orphans of " + home, e);
    }
  }

  private void awaitReady(Path logFile) throws IOException {
    long deadline = System.nanoTime() + START_LIMIT.toNanos();
    try (HttpClient client = HttpClient.newBuilder().connectTimeout(REQUEST_LIMIT).build()) {
      while (!answers(client)) {
        if (!process.isAlive() || System.nanoTime() - deadline > 0) {
          close();
          throw new StartFailedException(
              "the schema registry did not start, see " + logFile + ":\n" + process.tail(), null);
        }
        LockSupport.parkNanos(LOOK_AGAIN.toNanos());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      close();
      throw new StartFailedException("interrupted", e);
    }
  }

  /// Whether compatibility could be set: before it is ready the registry refuses connections, or
  /// answers errors.
  private boolean answers(HttpClient client) throws InterruptedException {
    try {
      HttpResponse<Void> response =
          client.send(
              HttpRequest.newBuilder(URI.create(url(port) + "/config"))
                  .timeout(REQUEST_LIMIT)
                  .header("Authorization", authorization())
                  .header("Content-Type", "application/json")
                  .PUT(BodyPublishers.ofString("{\"compatibility\":\"BACKWARD\"}"))
                  .build(),
              BodyHandlers.discarding());
      return response.statusCode() == 200;
    } catch (IOException _) {
      return false;
    }
  }

  private String authorization() {
    byte[] credentials = (USER + ":" + password).getBytes(StandardCharsets.UTF_8);
    return "Basic " + Base64.getEncoder().encodeToString(credentials);
  }

  /// URL of the API that Confluent's clients speak, credentials included.
  public String url() {
    return url(port, password);
  }

  /// URL of the API of a registry on this port, credentials included.
  public static String url(int port, String password) {
    return url(USER + ":" + password + "@127.0.0.1:" + port);
  }

  private static String url(int port) {
    return url("127.0.0.1:" + port);
  }

  private static String url(String authority) {
    return "http://" + authority + "/apis/ccompat/v7";
  }

  @Override
  public long pid() {
    return process.pid();
  }

  @Override
  public void onExit(Runnable action) {
    process.onExit(action);
  }

  @Override
  public void close() {
    process.end();
    if (PREPARING && !process.wasKilled()) {
      application.prepared();
    }
  }
}
