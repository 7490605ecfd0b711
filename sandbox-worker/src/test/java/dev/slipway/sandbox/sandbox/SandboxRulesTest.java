package dev.slipway.sandbox.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.pipeline.core.Violation;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class SandboxRulesTest {
  private static final Duration MINUTE = Duration.ofMinutes(1);

  @Test
  void whatTheContractAllowsIsAllowed() {
    assertThat(SandboxRules.violations(Told.SPEC, Told.CONTEXT)).isEmpty();
    assertThat(SandboxRules.violations(Told.COMMAND)).isEmpty();
    assertThat(
            SandboxRules.violations(
                new CommandSpec(
                    null, List.of("ls", ""), "/tmp", Map.of("A", ""), Duration.ofDays(1), "x")))
        .isEmpty();
    assertThat(SandboxRules.violations(Duration.ofSeconds(1))).isEmpty();
  }

  static Stream<SpecCase> specs() {
    return Stream.of(
        new SpecCase("template", spec("", MINUTE, Map.of(), Map.of(), Network.ON, null)),
        new SpecCase("template", spec("a b", MINUTE, Map.of(), Map.of(), Network.ON, null)),
        new SpecCase("timeout_seconds", timeout(Duration.ZERO)),
        new SpecCase("timeout_seconds", timeout(Duration.ofSeconds(86_401))),
        new SpecCase("metadata", metadata(Map.of("", "a"))),
        new SpecCase("metadata", metadata(Map.of("a", "\0"))),
        new SpecCase("metadata", metadata(Map.of("a", "b".repeat(16_384)))),
        new SpecCase("environment", environment(Map.of("1A", "b"))),
        new SpecCase("environment", environment(Map.of("A", "b".repeat(65_536)))),
        new SpecCase("environment.A", environment(Map.of("A", "secret://env/PATH"))),
        new SpecCase("environment.A", environment(Map.of("A", "secret://file/../x"))),
        new SpecCase("network", network(Network.of(List.of()))),
        new SpecCase("network", network(Network.of(List.of("10.0.0.1")))),
        new SpecCase("network", network(Network.of(List.of("http://a.example")))),
        new SpecCase("network", network(new Network(Network.Mode.OFF, List.of("a.example")))),
        new SpecCase("name", named("Upper")),
        new SpecCase("name", named("-a")),
        new SpecCase("name", named("a".repeat(64))));
  }

  record SpecCase(String field, SandboxSpec spec) {}

  @ParameterizedTest
  @MethodSource("specs")
  void aSandboxThatMayNotBeIsRefusedByItsField(SpecCase given) {
    assertThat(SandboxRules.violations(given.spec(), SandboxContext.NONE))
        .extracting(Violation::field)
        .containsExactly(given.field());
  }

  static Stream<CommandCase> commands() {
    return Stream.of(
        new CommandCase("command", command(null, List.of(), null, null)),
        new CommandCase("command", command("a", List.of("a"), null, null)),
        new CommandCase("command", command(" ", List.of(), null, null)),
        new CommandCase("command", command("a".repeat(131_073), List.of(), null, null)),
        new CommandCase("command", command("a\0", List.of(), null, null)),
        new CommandCase("argv", command(null, List.of("", "a"), null, null)),
        new CommandCase("argv", command(null, List.of("a", "\ud800"), null, null)),
        new CommandCase("cwd", command("a", List.of(), "tmp", null)),
        new CommandCase("stdin", command("a", List.of(), null, "b".repeat(1_048_577))));
  }

  record CommandCase(String field, CommandSpec command) {}

  @ParameterizedTest
  @MethodSource("commands")
  void aCommandThatMayNotBeIsRefusedByItsField(CommandCase given) {
    assertThat(SandboxRules.violations(given.command()))
        .extracting(Violation::field)
        .containsExactly(given.field());
  }

  @Test
  void idsOfTheContextAreWhatTheyAreCalled() {
    var context = new SandboxContext("a\n", "t 1", " ", "s".repeat(129), "agent", "S");

    assertThat(SandboxRules.violations(Told.SPEC, context))
        .extracting(Violation::field)
        .containsExactly("user_id", "task_id", "execution_id", "squad_id", "session_id");
  }

  private static CommandSpec command(
      @Nullable String line,
      List<String> argv,
      @Nullable String directory,
      @Nullable String stdin) {
    return new CommandSpec(line, argv, directory, Map.of(), MINUTE, stdin);
  }

  private static SandboxSpec timeout(Duration timeout) {
    return spec("base", timeout, Map.of(), Map.of(), Network.ON, null);
  }

  private static SandboxSpec metadata(Map<String, String> metadata) {
    return spec("base", MINUTE, metadata, Map.of(), Network.ON, null);
  }

  private static SandboxSpec environment(Map<String, String> environment) {
    return spec("base", MINUTE, Map.of(), environment, Network.ON, null);
  }

  private static SandboxSpec network(Network network) {
    return spec("base", MINUTE, Map.of(), Map.of(), network, null);
  }

  private static SandboxSpec named(String name) {
    return spec("base", MINUTE, Map.of(), Map.of(), Network.ON, name);
  }

  private static SandboxSpec spec(
      String template,
      Duration timeout,
      Map<String, String> metadata,
      Map<String, String> environment,
      Network network,
      @Nullable String name) {
    return new SandboxSpec(template, timeout, metadata, environment, network, null, name);
  }
}
