package dev.slipway.standalone;

import dev.slipway.standalone.parts.LogFile;
import java.io.PrintWriter;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help;
import picocli.CommandLine.HelpCommand;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/// The `slipway` command.
@Command(
    name = "slipway",
    description = "Turns tasks into pull requests.",
    footer = {
      "",
      "Exit status: 0 done, 1 failed or different, 2 usage, 3 a prerequisite is missing, a port or"
          + " the data directory is taken, or the disk is full, 4 unreachable, 5 time ran out, 130 interrupted."
    })
public final class Slipway implements Runnable {
  @Spec CommandSpec spec;

  @SuppressWarnings("NullAway.Init") // picocli fills it in
  private Slipway() {}

  /// Runs a command and ends this process with its exit status.
  public static void main(String[] arguments) {
    LogFile.none();
    System.exit(
        commandLine(
                System.getenv(),
                Clock.systemUTC(),
                new PrintWriter(System.out, true, System.out.charset()),
                new PrintWriter(System.err, true, System.err.charset()),
                new StandardStreams(System.in, System.out, System.err))
            .execute(arguments));
  }

  static CommandLine commandLine(
      Map<String, String> environment,
      Clock clock,
      PrintWriter out,
      PrintWriter err,
      StandardStreams streams) {
    GlobalOptions options = new GlobalOptions(environment);
    CommandLine root =
        new CommandLine(new Slipway())
            .addMixin("options", options)
            .addSubcommand(new UpCommand(options, environment, clock))
            .addSubcommand(new RunCommand(options, environment, clock))
            .addSubcommand(new DemoCommand(options, environment, streams, clock))
            .addSubcommand(new ReplayCommand(options))
            .addSubcommand(new RebuildCommand(options, environment))
            .addSubcommand(new DltCommand(options))
            .addSubcommand(
                TaskCommand.create(
                    options,
                    new TaskCreateCommand(options, environment, streams, clock),
                    new TaskWatchCommand(options, environment, streams)))
            .addSubcommand(SandboxCommand.create(options, streams))
            .addSubcommand(new PullRequestCommand(options))
            .addSubcommand(new DeliveryCommand(options))
            .addSubcommand(new GitHubCommand(options, environment, clock))
            .addSubcommand(new ChaosCommand(options))
            .addSubcommand(new BenchCommand(options))
            .addSubcommand(new TestCommand())
            .addSubcommand(new KeysCommand(options, environment, clock))
            .addSubcommand(new TokenCommand(options, environment, clock))
            .addSubcommand(new TopicsCommand(options, environment))
            .addSubcommand(new TraceCommand(options))
            .addSubcommand(new CompletionCommand())
            .addSubcommand(new WatchCommand(options));
    addHelp(root);
    return root.addSubcommand(new HelpCommand())
        .setCaseInsensitiveEnumValuesAllowed(true)
        .setExpandAtFiles(false) // an argument that begins with @ is what it is
        .registerConverter(Duration.class, new DurationConverter())
        .setExecutionExceptionHandler(new Failures())
        .setOut(HarmlessWriter.before(out))
        .setErr(HarmlessWriter.before(err))
        .setColorScheme(Help.defaultColorScheme(Help.Ansi.OFF)) // else they would print codes
        .setUsageHelpAutoWidth(true);
  }

  private static void addHelp(CommandLine command) {
    command
        .getCommandSpec()
        .addOption(
            OptionSpec.builder("-h", "--help")
                .usageHelp(true)
                .description("Show this help.")
                .build());
    command.getSubcommands().values().forEach(Slipway::addHelp);
  }

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "a command is missing");
  }
}
