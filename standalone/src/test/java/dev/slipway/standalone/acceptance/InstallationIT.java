package dev.slipway.standalone.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import tools.jackson.databind.JsonNode;

/// What a running installation leaves on the machine.
@Tag("slow")
@ExtendWith(SharedInstallation.class)
class InstallationIT {

  @Test
  void theDataDirectoryHoldsWhatTheContractNamesAndOnlyItsOwnerReadsIt(Slipway slipway)
      throws IOException {
    assertThat(permissions(slipway.data())).isEqualTo("rwx------");
    for (String name : List.of("token", "webhook-secret", "database-password")) {
      assertThat(permissions(slipway.data().resolve(name))).as(name).isEqualTo("rw-------");
      assertThat(slipway.file(name)).as(name).matches("[A-Za-z0-9._-]+");
    }
    for (String name : List.of("jwt-keys.json", "endpoints.json")) {
      assertThat(permissions(slipway.data().resolve(name))).as(name).isEqualTo("rw-------");
    }
  }

  @Test
  void endpointsSayWhereEachPartIs(Slipway slipway) {
    JsonNode endpoints = slipway.endpoints();
    int port = slipway.port();

    assertThat(new TreeSet<>(endpoints.propertyNames()))
        .contains("slipway", "webhooks", "kafka", "controller", "schema_registry", "database")
        .isSubsetOf(
            "slipway",
            "webhooks",
            "events",
            "e2b",
            "github",
            "git",
            "kafka",
            "controller",
            "schema_registry",
            "database");
    assertThat(endpoints.path("slipway").asString()).isEqualTo(slipway.url().toString());
    assertThat(URI.create(endpoints.path("webhooks").asString()))
        .isEqualTo(slipway.url().resolve("/webhooks/github"));
    assertThat(endpoints.path("kafka").asString()).isEqualTo("127.0.0.1:" + (port + 3));
    assertThat(endpoints.path("controller").asString()).endsWith("127.0.0.1:" + (port + 4));
    assertThat(endpoints.path("schema_registry").asString())
        .isEqualTo("http://127.0.0.1:%d/apis/ccompat/v7".formatted(port + 5));
    assertThat(URI.create(endpoints.path("database").asString()).getPort()).isEqualTo(port + 6);
    assertThat(endpoints.toString()).doesNotContain(slipway.file("database-password"));
  }

  @Test
  void noProcessOfItListensBeyondTheLoopbackInterface(Slipway slipway) throws IOException {
    Set<String> exposed = new HashSet<>();
    for (String table : List.of("/proc/net/tcp", "/proc/net/tcp6")) {
      for (String line : Files.readAllLines(Path.of(table))) {
        String[] columns = line.strip().split("\\s+", -1);
        if (columns[3].equals("0A") && !isLoopback(columns[1])) {
          exposed.add("socket:[" + columns[9] + "]");
        }
      }
    }

    assertThat(sockets(slipway)).isNotEmpty().doesNotContainAnyElementsOf(exposed);
  }

  @Test
  void aSecondStartOnADirectoryInUseEndsWithThreeAndTheFirstGoesOn(Slipway slipway) {
    Service second = slipway.startOn(Ports.row(), "up");

    assertThat(second.awaitExit(Slipway.START)).isEqualTo(3);
    assertThat(second.printed()).contains(slipway.data().toString()).doesNotContain("\tat ");
    slipway.api().get("/readyz").is(200);
  }

  @Test
  void noSecretStandsInALogOrACommandLine(Slipway slipway) throws IOException {
    List<String> secrets =
        List.of(
            slipway.file("webhook-secret"),
            slipway.file("database-password"),
            slipway.file("token"),
            SharedInstallation.secretOf(SharedInstallation.ACME));
    slipway.sender().send(Webhook.json("ping", "{}")).is(202);
    slipway.api().get("/api/v1/deliveries").is(200);

    for (ProcessHandle process : slipway.processes()) {
      Path entry = Path.of("/proc", Long.toString(process.pid()), "cmdline");
      assertThat(Files.readString(entry)).doesNotContain(secrets);
    }
    try (Stream<Path> files = Files.walk(slipway.data().resolve("logs"))) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        assertThat(Files.readString(file)).as(file.toString()).doesNotContain(secrets);
      }
    }
  }

  /// Address and port in the kernel's notation: four bytes a group, each group turned round.
  private static boolean isLoopback(String local) {
    String address = local.substring(0, local.indexOf(':'));
    boolean four = address.length() == 8 || address.startsWith("0000000000000000FFFF0000");
    return (four && address.endsWith("7F")) || address.equals("00000000000000000000000001000000");
  }

  private static Set<String> sockets(Slipway slipway) throws IOException {
    Set<String> sockets = new HashSet<>();
    for (ProcessHandle process : slipway.processes()) {
      Path folder = Path.of("/proc", Long.toString(process.pid()), "fd");
      try (Stream<Path> descriptors = Files.list(folder)) {
        for (Path descriptor : descriptors.toList()) {
          if (Files.exists(descriptor, LinkOption.NOFOLLOW_LINKS)) {
            sockets.add(Files.readSymbolicLink(descriptor).toString());
          }
        }
      }
    }
    return sockets;
  }

  private static String permissions(Path file) throws IOException {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(file));
  }
}
