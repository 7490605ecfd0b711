package dev.slipway.standalone;

import dev.slipway.pipeline.security.SecretFiles;
import dev.slipway.standalone.directory.DataDirectory;
import dev.slipway.standalone.directory.Endpoint;
import dev.slipway.standalone.directory.Endpoints;
import dev.slipway.standalone.parts.Ports;
import dev.slipway.standalone.parts.StartRoom;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.bind.BindException;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;

/// Options that every command takes, before its name or after it.
final class GlobalOptions {
  private static final String TOKEN_VARIABLE = "SLIPWAY_TOKEN";

  /// RFC 6750 §2.1.
  private static final Pattern BEARER_TOKEN = Pattern.compile("[A-Za-z0-9._~+/-]+=*");

  private final Map<String, String> environment;

  GlobalOptions(Map<String, String> environment) {
    this.environment = environment;
  }

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
      description = {
        "Token to talk to it with (default: SLIPWAY_TOKEN, else the data directory's).",
        "Other users of the machine may see it: rather use --token-file or SLIPWAY_TOKEN."
      })
  @Nullable String token;

  @Option(
      names = "--token-file",
      paramLabel = "FILE",
      scope = ScopeType.INHERIT,
      description = "File that holds the token.")
  @Nullable Path tokenFile;

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

  /// What there is room for on the file system of the data directory.
  StartRoom room() {
    try {
      return StartRoom.of(dataDir);
    } catch (BindException _) {
      throw new CommandFailedException(
          ExitCode.USAGE, "SLIPWAY_DISK_FLOOR must be a size between 1MB and 1TB, such as 256MB");
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

  /// The token that a command talks with: that of an option, else that of the environment, else the
  /// data directory's.
  String credentials() {
    if (token != null && tokenFile != null) {
      throw new CommandFailedException(
          ExitCode.USAGE, "--token and --token-file are both given: keep one of them");
    }
    if (token != null) {
      return checked(token, "--token");
    }
    if (tokenFile != null) {
      SecretFiles.check(tokenFile);
      return read(tokenFile);
    }
    String given = environment.getOrDefault(TOKEN_VARIABLE, "").strip();
    if (!given.isEmpty()) {
      return checked(given, TOKEN_VARIABLE);
    }
    Path own = dataDir.resolve("token");
    SecretFiles.makePrivate(own);
    return read(own);
  }

  /// The API of the installation, for whoever the token is of.
  ApiClient api() {
    return new ApiClient(installation(), credentials());
  }

  private static String read(Path file) {
    try {
      return checked(Files.readString(file, StandardCharsets.ISO_8859_1).strip(), file.toString());
    } catch (IOException _) {
      throw new CommandFailedException(
          ExitCode.PREREQUISITE,
          "no token in " + file + ": give one with --token-file or SLIPWAY_TOKEN");
    }
  }

  /// Checked here because a client of HTTP that refuses it would quote it.
  private static String checked(String token, String source) {
    if (!BEARER_TOKEN.matcher(token).matches()) {
      throw new CommandFailedException(ExitCode.USAGE, "what " + source + " holds is no token");
    }
    return token;
  }
}
