package dev.slipway.embedded;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A schema registry (Apicurio Registry, which speaks Confluent's REST API) as a child of this JVM,
/// on loopback, its schemas in a file beside it. Compatibility is BACKWARD, as with Confluent's
/// own.
public final class RegistryServer implements ChildServer {
  private static final Logger log = LoggerFactory.getLogger(RegistryServer.class);
  private static final Duration START_LIMIT = Duration.ofSeconds(90);
  private static final Duration LOOK_AGAIN = Duration.ofMillis(50);
  private static final Duration REQUEST_LIMIT = Duration.ofSeconds(10);

  /// Names the owner of a running registry: its command line carries the folder.
  private static final String OWNER_FLAG = "-Dslipway.registry.folder=";

  private static final List<Signal> END =
      List.of(new Signal("TERM", Duration.ofSeconds(6)), new Signal("KILL", Duration.ofSeconds(4)));

  private final ChildProcess process;
  private static final String TEMPORARY = "tmp";

  private final int port;

  private RegistryServer(ChildProcess process, int port) {
    this.process = process;
    this.port = port;
  }

  /// Starts the registry and returns once it answers.
  ///
  /// @param home folder of its data; made when it is not there, kept when it is
  public static RegistryServer start(Path home, int port) {
    return start(home, home.resolve("registry.log"), port);
  }

  /// As the other, with its log elsewhere.
  public static RegistryServer start(Path home, Path logFile, int port) {
    try {
      Path folder = Folders.createPrivate(home).toRealPath();
      endOrphans(folder);
      // Quarkus unpacks libraries there, which a SIGKILL leaves behind
      Folders.delete(folder.resolve(TEMPORARY));
      Folders.createPrivate(folder.resolve(TEMPORARY));
      RegistryApplication application = RegistryApplication.find();
      ChildProcess process =
          ChildProcess.start(
              command(application, folder, port),
              folder,
              logFile,
              RegistryServer::environment,
              END);
      RegistryServer server = new RegistryServer(process, port);
      server.awaitReady(logFile);
      return server;
    } catch (IOException e) {
      throw new StartFailedException("could not start the schema registry in " + home, e);
    }
  }

  private static List<String> command(RegistryApplication application, Path folder, int port) {
    List<String> command =
        new ArrayList<>(List.of(Path.of(System.getProperty("java.home"), "bin/java").toString()));
    application.aotCache().ifPresent(cache -> command.add("-XX:AOTCache=" + cache));
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
            // It cannot be turned off at run time, and by default listens on *:9000.
            "-Dquarkus.management.host=127.0.0.1",
            "-Dquarkus.management.port=0",
            "-Dquarkus.http.access-log.enabled=false",
            "-jar",
            application.jar().toString()));
    return command;
  }

  /// Settings of Apicurio and Quarkus can come from the environment; those are not meant for us.
  private static void environment(Map<String, String> environment) {
    environment.keySet().removeIf(name -> !List.of("PATH", "HOME", "LANG").contains(name));
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
              HttpRequest.newBuilder(URI.create(url() + "/config"))
                  .timeout(REQUEST_LIMIT)
                  .header("Content-Type", "application/json")
                  .PUT(BodyPublishers.ofString("{\"compatibility\":\"BACKWARD\"}"))
                  .build(),
              BodyHandlers.discarding());
      return response.statusCode() == 200;
    } catch (IOException _) {
      return false;
    }
  }

  /// URL of the API that Confluent's clients speak.
  public String url() {
    return url(port);
  }

  /// URL of the API of a registry on this port.
  public static String url(int port) {
    return "http://127.0.0.1:" + port + "/apis/ccompat/v7";
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
  }
}
