package dev.slipway.locale2b.box;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.slipway.locale2b.box.BoxException.Kind;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class UnavailableIT {
  @TempDir Path directory;

  @Test
  void withoutBubblewrapThereAreNoBoxesButARemedy() throws Exception {
    try (Boxes boxes =
        BubblewrapBoxes.open(
            directory.resolve("boxes"), NetworkSettings.DEFAULT, directory.toString())) {
      assertThat(boxes.unavailable()).get().asString().endsWith("apt-get install bubblewrap)");
      assertThatExceptionOfType(BoxException.class)
          .isThrownBy(() -> boxes.create(TestBoxes.spec("one")))
          .withMessageEndingWith("apt-get install bubblewrap)")
          .extracting(BoxException::kind)
          .isEqualTo(Kind.UNAVAILABLE);
    }
  }

  @Test
  void whereBubblewrapIsNotPermittedThereAreNoBoxesButARemedy() throws Exception {
    Path forbidden =
        Files.writeString(directory.resolve("bwrap"), "#!/bin/sh\necho no >&2\nexit 1");
    Files.setPosixFilePermissions(forbidden, PosixFilePermissions.fromString("rwxr-xr-x"));

    try (Boxes boxes =
        BubblewrapBoxes.open(
            directory.resolve("boxes"), NetworkSettings.DEFAULT, directory.toString())) {
      assertThat(boxes.unavailable())
          .get()
          .asString()
          .contains("not permitted", ": no)", "run Slipway as root, or allow user namespaces");
      assertThat(directory.resolve("boxes/boxes")).isEmptyDirectory();
    }
  }
}
