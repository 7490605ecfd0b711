package dev.slipway.standalone;

import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.AutoComplete;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// Prints what shells complete this command by.
@Command(
    name = "completion",
    description = {
      "Prints a script by which a shell completes commands and options:",
      "  source <(./slipway completion bash)"
    })
final class CompletionCommand implements Callable<Integer> {
  @Spec CommandSpec spec;

  @Parameters(paramLabel = "bash|zsh")
  Shell shell;

  /// Shells that there is a script for.
  enum Shell {
    BASH,
    ZSH;

    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  @SuppressWarnings("NullAway.Init") // picocli fills it in
  CompletionCommand() {}

  @Override
  public Integer call() {
    String script = AutoComplete.bash("slipway", spec.root().commandLine());
    spec.commandLine()
        .getOut()
        .print(shell == Shell.ZSH ? "autoload -U +X compinit && compinit\n" + script : script);
    spec.commandLine().getOut().flush();
    return ExitCode.DONE;
  }
}
