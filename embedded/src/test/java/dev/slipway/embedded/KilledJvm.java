package dev.slipway.embedded;

import java.nio.file.Path;

/// A program that starts a server in a folder, says so, and stays until it is killed.
final class KilledJvm {
  private KilledJvm() {}

  public static void main(String[] arguments) throws InterruptedException {
    Path home = Path.of(arguments[1]);
    int port = Integer.parseInt(arguments[2]);
    long pid =
        switch (arguments[0]) {
          case "postgres" -> PostgresServer.start(home, port, "test").pid();
          case "registry" -> RegistryServer.start(home, port).pid();
          case "kafka" -> {
            KafkaServer.start(home, port, port + 1);
            yield ProcessHandle.current().pid();
          }
          default -> throw new IllegalArgumentException(arguments[0]);
        };
    System.out.println("ready " + pid);
    Thread.currentThread().join();
  }
}
