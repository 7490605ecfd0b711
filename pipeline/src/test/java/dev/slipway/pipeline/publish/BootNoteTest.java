package dev.slipway.pipeline.publish;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BootNoteTest {
  @TempDir private Path folder;

  @Test
  void withoutANoteNothingHappened() throws IOException {
    assertThat(bootedAs("one").isOfAnotherBoot()).isFalse();
  }

  @Test
  void aNoteOfThisBootTellsOfNothing() throws IOException {
    bootedAs("one").leave();

    assertThat(bootedAs("one").isOfAnotherBoot()).isFalse();
  }

  @Test
  void aNoteOfAnotherBootTellsOfAPowerCutUntilItIsReplaced() throws IOException {
    bootedAs("one").leave();
    BootNote after = bootedAs("two");
    assertThat(after.isOfAnotherBoot()).isTrue();

    after.leave();

    assertThat(after.isOfAnotherBoot()).isFalse();
  }

  @Test
  void aCleanStopTakesItAway() throws IOException {
    BootNote note = bootedAs("one");
    note.leave();

    note.remove();

    assertThat(bootedAs("two").isOfAnotherBoot()).isFalse();
    assertThat(folder.resolve("relay.boot")).doesNotExist();
  }

  @Test
  void theNoteOfAProcessThatLeadsMeanwhileStays() throws IOException {
    BootNote note = bootedAs("one");
    note.leave();
    Files.writeString(folder.resolve("relay.boot"), "one.0");

    note.remove();

    assertThat(folder.resolve("relay.boot")).exists();
  }

  @Test
  void withoutAFolderOrABootIdThereIsNone() {
    BootNote off = BootNote.of(null, "relay");
    BootNote elsewhere = BootNote.in(folder, "relay", folder.resolve("none"));

    off.leave();
    elsewhere.leave();

    assertThat(off.isOfAnotherBoot()).isFalse();
    assertThat(elsewhere.isOfAnotherBoot()).isFalse();
    assertThat(folder).isEmptyDirectory();
  }

  private BootNote bootedAs(String bootId) throws IOException {
    Path kernel = folder.resolve("boot_id");
    Files.writeString(kernel, bootId + "\n");
    return BootNote.in(folder, "relay", kernel);
  }
}
