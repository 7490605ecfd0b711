package dev.slipway.standalone;

import dev.slipway.standalone.directory.DataDirectory;
import dev.slipway.standalone.directory.Endpoint;
import dev.slipway.standalone.directory.Endpoints;
import dev.slipway.standalone.parts.Ports;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;

/// Options that every command takes, before its name or after it.
final class GlobalOptions {
  @Option(
      names = "--port",
      paramLabel = "P",
      scope = ScopeType.INHERIT,
      description = "First of the seven ports in a row (default: 8080).")
  int port = 8080;

  @Option(
      names = "--data-dir",
      paramLabel = "DIR",
      scope = ScopeType.INHERIT,
      description = "Folder of all state (default: .slipway).")
  Path dataDir = Path.of(".slipway");

  @Option(
      names = "--url",
      scope = ScopeType.INHERIT,
      description = "The installation to talk to (default: the data directory's).")
  @Nullable URI url;

  @Option(
      names = "--token",
      scope = ScopeType.INHERIT,
      description = "Token to talk to it with (default: the data directory's).")
  @Nullable String token;

  @Option(
      names = "--json",
      scope = ScopeType.INHERIT,
      description = "Print JSON instead of tables.")
  boolean json;

  @Option(
      names = "--quiet",
      scope = ScopeType.INHERIT,
      description = "Print nothing but the result.")
  boolean quiet;

  Ports ports() {
    try {
      return new Ports(port);
    } catch (IllegalArgumentException e) {
      throw new CommandFailedException(ExitCode.USAGE, "--port: " + e.getMessage());
    }
  }

  DataDirectory openDirectory() {
    return DataDirectory.open(dataDir);
  }

  /// Where the installation listens that a command talks to.
  URI installation() {
    if (url != null) {
      return url;
    }
    return Endpoints.read(dataDir)
        .find(Endpoint.SLIPWAY)
        .map(URI::create)
        .orElseThrow(() ->
            new CommandFailedException(
                ExitCode.PREREQUISITE,
                "nothing has been started on "
                    + dataDir
                    + ": run `slipway up`, or name an installation with --url"));
  }

  /// The token that a command talks with.
  String credentials() {
    if (token != null) {
      return token;
    }
    try {
      return Files.readString(dataDir.resolve("token")).strip();
    } catch (IOException _) {
      throw new CommandFailedException(
          ExitCode.PREREQUISITE, "no token in " + dataDir + ": give one with --token");
    }
  }
}
