package dev.slipway.standalone;

import dev.slipway.standalone.parts.Tokens;
import dev.slipway.web.security.JwtKeys;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import tools.jackson.databind.json.JsonMapper;

/// The keys that sign an installation's tokens.
@Command(name = "keys", description = "Changes the keys that sign tokens.")
final class KeysCommand implements Runnable {
  private final GlobalOptions options;
  private final Map<String, String> environment;
  private final Clock clock;

  @Spec CommandSpec spec;

  @SuppressWarnings("NullAway.Init") // picocli fills it in
  KeysCommand(GlobalOptions options, Map<String, String> environment, Clock clock) {
    this.options = options;
    this.environment = environment;
    this.clock = clock;
  }

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "keys needs a subcommand: rotate");
  }

  @Command(
      name = "rotate",
      description = {
        "Makes a new key that signs from now on, and writes the token of the data directory anew.",
        "Tokens of former keys are good for a day more. Services that run take notice by themselves."
      })
  int rotate(
      @Option(names = "--dry-run", description = "Only show what would be done.") boolean dryRun) {
    Path file =
        Tokens.existingKeys(environment, options.dataDir)
            .orElseThrow(() ->
                new CommandFailedException(
                    ExitCode.PREREQUISITE,
                    "no keys to rotate: tokens come from SLIPWAY_OIDC_ISSUER, or nothing has been"
                        + " started on "
                        + options.dataDir));
    Instant now = clock.instant().truncatedTo(ChronoUnit.SECONDS);
    if (dryRun) {
      print(JwtKeys.load(file).rotated(now).former(), null);
    } else {
      JwtKeys rotated = Tokens.rotate(environment, options.openDirectory(), file, now);
      print(rotated.former(), rotated.signingKeyId());
    }
    return ExitCode.DONE;
  }

  /// @param signing id of the new key; null when none was made
  private void print(List<JwtKeys.Former> former, @Nullable String signing) {
    PrintWriter out = spec.commandLine().getOut();
    Path token = options.dataDir.resolve("token").toAbsolutePath().normalize();
    if (options.json) {
      Map<String, Object> report = new LinkedHashMap<>();
      report.put("dry_run", signing == null);
      report.put("key_id", signing);
      report.put("former_keys", former.stream().map(KeysCommand::json).toList());
      report.put("token_file", token.toString());
      out.println(JsonMapper.shared().writeValueAsString(report));
    } else {
      Table table = new Table().row("KEY", "SIGNS", "VERIFIES");
      table.row(signing == null ? "(a new one)" : signing, "yes", "for good");
      former.forEach(key -> table.row(key.keyId(), "no", "until " + key.verifiesUntil()));
      out.print(table);
      out.println((signing == null ? "would write anew " : "written anew ") + token);
    }
    out.flush();
  }

  private static Map<String, Object> json(JwtKeys.Former key) {
    Map<String, Object> row = new LinkedHashMap<>();
    row.put("key_id", key.keyId());
    row.put("verifies_until", String.valueOf(key.verifiesUntil()));
    return row;
  }
}
