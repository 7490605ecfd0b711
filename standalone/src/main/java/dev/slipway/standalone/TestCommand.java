package dev.slipway.standalone;

import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// Stands here for the help text: tests run from a checkout, before there is anything to run them
/// with, so that the `slipway` script does it.
@Command(
    name = "test",
    description = "Runs the tests of a checkout (only ./slipway there does it).")
final class TestCommand implements Runnable {
  @Option(names = "--all", description = "Also those that take long.")
  boolean all;

  @Override
  public void run() {
    throw new CommandFailedException(
        ExitCode.PREREQUISITE, "tests need a checkout: run ./slipway test there");
  }
}
