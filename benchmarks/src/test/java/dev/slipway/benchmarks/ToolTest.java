package dev.slipway.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ToolTest {
  @TempDir Path folder;

  @Test
  void aMissingToolIsNamedWithALineForEachSystem() {
    assertThatExceptionOfType(MissingToolException.class)
        .isThrownBy(() -> Tool.WRK.find(List.of(folder)))
        .withMessageContainingAll("wrk is needed", "apt-get install wrk", "dnf", "brew");
  }

  @Test
  void theFirstExecutableOfTheNameIsTaken() throws IOException {
    Path first = Files.createDirectory(folder.resolve("first"));
    Path second = Files.createDirectory(folder.resolve("second"));
    Path _ = Files.createFile(first.resolve("wrk"));
    Path executable =
        Files.createFile(
            second.resolve("wrk"),
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));

    assertThat(Tool.WRK.find(List.of(first, second))).isEqualTo(executable);
  }
}
