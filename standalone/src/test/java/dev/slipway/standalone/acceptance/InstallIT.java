package dev.slipway.standalone.acceptance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A machine without JDK 25 and without Maven: bubblewrap hides them, and stand-ins for `apt-get`
/// and `curl` come first in `PATH`.
class InstallIT {
  private static final String MAVEN = "#!/bin/sh\necho 'Apache Maven 3.9.9 (stand-in)'\n";

  @TempDir Path machine;
  private Path bin;
  private Path home;
  private Path called;

  @BeforeAll
  static void requireBubblewrap() {
    assumeTrue(exit("bwrap", "--dev-bind", "/", "/", "true") == 0, "bubblewrap starts here");
  }

  @BeforeEach
  void hide() {
    bin = folder("bin");
    home = folder("home");
    called = machine.resolve("called");
    Path jdk = folder("jdk");
    write(jdk.resolve("release"), "JAVA_VERSION=\"25.0.9\"\n");
    Path tools = folder("jdk/bin");
    executable(tools.resolve("java"), "#!/bin/sh\n");
    executable(tools.resolve("javac"), "#!/bin/sh\n");
    executable(bin.resolve("sudo"), "#!/bin/sh\nexec \"$@\"\n");
    executable(
        bin.resolve("curl"),
        "#!/bin/sh\necho curl \"$@\" >> %s\nexec tar cz -C %s jdk\n".formatted(called, machine));
    offer("none");
  }

  @Test
  void whatIsMissingIsNamedWithTheLineThatInstallsIt() {
    CommandResult result = slipway("help").exited(3);

    assertThat(result.err())
        .contains(
            "JDK 25 is needed; found",
            "apt-get install --yes --no-install-recommends openjdk-25-jdk-headless",
            "./slipway --install");
    assertThat(called).doesNotExist();
  }

  @Test
  void whatThePackageManagerHasIsInstalledByIt() {
    offer("openjdk-25-jdk-headless");

    CommandResult result = slipway("--install").exited(0);

    assertThat(read(called).lines())
        .as(result.err())
        .containsExactly(
            "apt-get update -q",
            "apt-get install --yes --no-install-recommends openjdk-25-jdk-headless",
            "apt-get install --yes --no-install-recommends maven");
  }

  @Test
  void aJdkThatThePackageManagerLacksIsGotFromAdoptiumAndStays() {
    CommandResult _ = slipway("--install").exited(0);
    assertThat(read(called))
        .contains("openjdk-25-jdk-headless", "curl -fsSL", "https://api.adoptium.net/");
    assertThat(home.resolve(".jdks/temurin-25/bin/javac")).isExecutable();
    write(called, "");

    CommandResult _ = slipway("--install").exited(0);

    assertThat(read(called)).isEmpty();
  }

  @Test
  void aJavaThatDoesNotStartIsNoReasonToSayNothing() {
    executable(bin.resolve("java"), "#!/bin/sh\nexit 1\n");

    assertThat(slipway("help").exited(3).err()).contains("JDK 25 is needed");
  }

  @Test
  void whatCannotBeInstalledEndsWithWhatIsMissing() {
    executable(bin.resolve("apt-get"), "#!/bin/sh\nexit 100\n");
    executable(bin.resolve("curl"), "#!/bin/sh\nexit 22\n");

    assertThat(slipway("--install").exited(3).err()).contains("JDK 25 is needed");
  }

  /// A stand-in that has Maven and one package more, which it puts where Debian has JDKs.
  private void offer(String aPackage) {
    executable(
        bin.resolve("apt-get"),
        """
        #!/bin/sh
        echo apt-get "$@" >> %1$s
        case "$*" in
          update*) ;;
          *%2$s) cp -r %3$s/jdk /usr/lib/jvm/ ;;
          *maven) printf '%%s' "%4$s" > %5$s/mvn && chmod +x %5$s/mvn ;;
          *) exit 100 ;;
        esac
        """
            .formatted(called, aPackage, machine, MAVEN, bin));
  }

  private CommandResult slipway(String... words) {
    List<String> command =
        new ArrayList<>(
            List.of("bwrap", "--dev-bind", "/", "/", "--tmpfs", "/usr/lib/jvm", "--tmpfs", "/opt"));
    command.addAll(List.of("--tmpfs", "/usr/share/maven", Checkout.command().toString()));
    command.addAll(List.of(words));
    try {
      Path out = machine.resolve("out");
      Path err = machine.resolve("err");
      ProcessBuilder builder =
          new ProcessBuilder(command)
              .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
              .redirectOutput(out.toFile())
              .redirectError(err.toFile());
      builder.environment().remove("JAVA_HOME");
      builder.environment().put("HOME", home.toString());
      builder.environment().put("PATH", bin + ":/usr/bin:/bin");
      int exit = builder.start().waitFor();
      return new CommandResult(exit, read(out), read(err));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  private static int exit(String... words) {
    try {
      return new ProcessBuilder(words).start().waitFor();
    } catch (IOException _) {
      return 127;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  private Path folder(String name) {
    try {
      return Files.createDirectories(machine.resolve(name));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void executable(Path file, String text) {
    write(file, text);
    assertThat(file.toFile().setExecutable(true)).isTrue();
  }

  private static void write(Path file, String text) {
    try {
      Files.writeString(file, text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String read(Path file) {
    try {
      return Files.readString(file, StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
