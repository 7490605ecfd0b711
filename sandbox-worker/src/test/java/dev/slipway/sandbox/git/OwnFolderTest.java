package dev.slipway.sandbox.git;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OwnFolderTest {
  @TempDir private Path shared;

  @Test
  void eachTakesTheFirstThatNobodyHas() throws IOException {
    Path directory = shared.resolve("git");
    try (OwnFolder first = OwnFolder.claimInShared(directory);
        OwnFolder second = OwnFolder.claimInShared(directory)) {
      assertThat(first.path().getFileName()).hasToString("worker-0");
      assertThat(second.path().getFileName()).hasToString("worker-1");
    }
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(directory)))
        .isEqualTo("rwx------");
  }

  @Test
  void whereOthersMayWriteNothingIsKept() throws IOException {
    Path open = Files.createDirectory(shared.resolve("open"));
    Files.setPosixFilePermissions(open, PosixFilePermissions.fromString("rwxrwxrwx"));

    assertThatThrownBy(() -> OwnFolder.claimInShared(open))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("slipway.git.directory");
    assertThat(Folders.list(open)).isEmpty();
  }

  @Test
  void whereALinkLeadsNothingIsKept() throws IOException {
    Path elsewhere = Files.createDirectory(shared.resolve("elsewhere"));
    Files.setPosixFilePermissions(elsewhere, PosixFilePermissions.fromString("rwx------"));
    Path link = Files.createSymbolicLink(shared.resolve("link"), elsewhere);

    assertThatThrownBy(() -> OwnFolder.claimInShared(link)).isInstanceOf(IOException.class);
    assertThat(Folders.list(elsewhere)).isEmpty();
  }

  /// Whoever has the name first, of what is not there yet.
  @Test
  void whatSomebodyElseHasMadeIsNotUsed() {
    Path proc = Path.of("/proc/1");

    assertThatThrownBy(() -> OwnFolder.claimInShared(proc)).isInstanceOf(IOException.class);
  }
}
