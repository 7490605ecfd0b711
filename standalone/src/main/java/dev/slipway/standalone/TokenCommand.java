package dev.slipway.standalone;

import dev.slipway.standalone.parts.Tokens;
import dev.slipway.web.security.Caller;
import dev.slipway.web.security.JwtKeys;
import dev.slipway.web.security.Scope;
import java.time.Clock;
import java.time.Duration;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import tools.jackson.databind.json.JsonMapper;

/// Signs a token with the installation's own keys and prints it.
@Command(name = "token", description = "Prints a token of this installation.")
final class TokenCommand implements Runnable {
  private static final Duration DEFAULT_LIFETIME = Duration.ofHours(1);

  private final GlobalOptions options;
  private final Map<String, String> environment;
  private final Clock clock;

  @Spec CommandSpec spec;

  @Option(
      names = "--tenant",
      description = "Whose data it opens (default: ${DEFAULT-VALUE}).",
      defaultValue = Caller.DEFAULT_TENANT)
  String tenant;

  @Option(
      names = "--sub",
      description = "Who uses it (default: ${DEFAULT-VALUE}).",
      defaultValue = "cli")
  String subject;

  @Option(
      names = "--scope",
      split = "[, ]",
      description =
          "What it allows: tasks, sandboxes, allocate, chat, events, admin (default: all).")
  List<String> scopes = List.of();

  @Option(
      names = "--ttl",
      description = {
        "How long it is valid, such as 90s, 30m, 12h, 7d (default: 1h).",
        "No longer than SLIPWAY_MAX_TOKEN_LIFE (default: " + JwtKeys.MAX_LIFE + ")."
      })
  @Nullable Duration lifetime;

  @SuppressWarnings("NullAway.Init") // picocli fills the fields in
  TokenCommand(GlobalOptions options, Map<String, String> environment, Clock clock) {
    this.options = options;
    this.environment = environment;
    this.clock = clock;
  }

  @Override
  public void run() {
    Caller caller = caller();
    Duration checked = lifetime();
    String token =
        Tokens.of(environment, options.openDirectory(), clock)
            .orElseThrow(() ->
                new CommandFailedException(
                    ExitCode.PREREQUISITE,
                    "tokens of this installation come from SLIPWAY_OIDC_ISSUER: ask there"))
            .sign(caller, checked);
    spec.commandLine()
        .getOut()
        .println(
            options.json ? JsonMapper.shared().writeValueAsString(Map.of("token", token)) : token);
    spec.commandLine().getOut().flush();
  }

  private Duration lifetime() {
    Duration longest;
    try {
      longest = Tokens.longestLife(environment);
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), e.getMessage(), e);
    }
    if (lifetime == null) {
      return longest.compareTo(DEFAULT_LIFETIME) < 0 ? longest : DEFAULT_LIFETIME;
    }
    if (!lifetime.isPositive() || lifetime.compareTo(longest) > 0) {
      throw new ParameterException(
          spec.commandLine(),
          "--ttl must be longer than nothing and at most %s (SLIPWAY_MAX_TOKEN_LIFE)"
              .formatted(
                  longest.equals(Duration.ofDays(longest.toDays()))
                      ? longest.toDays() + "d"
                      : longest.toSeconds() + "s"));
    }
    return lifetime;
  }

  private Caller caller() {
    try {
      return new Caller(tenant, subject, scopes());
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), e.getMessage(), e);
    }
  }

  private Set<Scope> scopes() {
    if (scopes.isEmpty()) {
      return EnumSet.allOf(Scope.class);
    }
    return scopes.stream().map(TokenCommand::scope).collect(Collectors.toSet());
  }

  private static Scope scope(String value) {
    return Scope.parse(value)
        .orElseThrow(() ->
            new IllegalArgumentException(
                "no scope \"%s\": there are %s"
                    .formatted(
                        value,
                        Arrays.stream(Scope.values())
                            .map(Scope::value)
                            .collect(Collectors.joining(", ")))));
  }
}
