package dev.slipway.standalone;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CompletionCommandTest {
  @TempDir Path folder;

  private final ScriptedApi api = new ScriptedApi();

  @AfterEach
  void close() {
    api.close();
  }

  private Path script(String shell) throws IOException {
    ScriptedApi.Ran ran = api.run("completion", shell);
    assertThat(ran.exit()).as(ran.err()).isZero();
    return Files.writeString(folder.resolve("slipway." + shell), ran.out());
  }

  private static String run(String... command) throws IOException, InterruptedException {
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    process.getOutputStream().close();
    String printed = new String(process.getInputStream().readAllBytes(), UTF_8);
    assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
    assertThat(process.exitValue()).as(printed).isZero();
    return printed;
  }

  @Test
  void bashCompletesCommandsAndOptions() throws IOException, InterruptedException {
    Path script = script("bash");

    String completed =
        run(
            "bash",
            "--norc",
            "-c",
            """
            source "$1"
            for line in 'slipway task cr' 'slipway task watch --unt' 'slipway dem'; do
              COMP_WORDS=($line)
              COMP_CWORD=$((${#COMP_WORDS[@]} - 1))
              COMPREPLY=()
              _complete_slipway slipway "${COMP_WORDS[COMP_CWORD]}" '' 2> /dev/null
              echo "${COMPREPLY[@]}"
            done
            """,
            "bash",
            script.toString());

    assertThat(completed.lines().map(String::strip)).containsExactly("create", "--until", "demo");
  }

  @Test
  void zshTakesItsScript() throws IOException, InterruptedException {
    Path script = script("zsh");
    Assumptions.assumeTrue(Files.isExecutable(Path.of("/usr/bin/zsh")), "zsh is not there");

    assertThat(run("zsh", "-f", "-n", script.toString())).isEmpty();
  }
}
