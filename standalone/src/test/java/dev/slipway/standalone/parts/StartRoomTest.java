package dev.slipway.standalone.parts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.util.unit.DataSize;

class StartRoomTest {
  private static final DataSize FLOOR = DataSize.ofMegabytes(24);

  @TempDir Path folder;

  private final AtomicLong free = new AtomicLong();

  @Test
  void aStartWithoutRoomSaysHowMuchIsFreeAndWhatToDo() {
    StartRoom room = room();
    free.set(FLOOR.toBytes());
    assertThatCode(room::require).doesNotThrowAnyException();

    free.set(FLOOR.toBytes() - 1);

    assertThatExceptionOfType(NoRoomException.class)
        .isThrownBy(room::require)
        .withMessage(
            "only 23 MB are free on the file system of %s, and it takes 24 MB: make room there, choose another with --data-dir, or lower SLIPWAY_DISK_FLOOR (24 MB)",
            folder);
  }

  @Test
  void aNewInstallationTakesMoreThanTheFloor() throws IOException {
    StartRoom room = room();
    free.set(FLOOR.toBytes() + StartRoom.FRESH.toBytes() - 1);

    assertThatExceptionOfType(NoRoomException.class)
        .isThrownBy(() -> room.requireForServers(Map.of()));
    assertThatCode(() -> room.requireForServers(Map.of("DATABASE_URL", "postgresql://a:b@c/d")))
        .doesNotThrowAnyException();

    Files.createDirectory(folder.resolve("postgres"));

    assertThatCode(() -> room.requireForServers(Map.of())).doesNotThrowAnyException();
  }

  @Test
  void aDirectoryThatIsNotThereYetIsOnTheFileSystemOfTheNextOneAbove() {
    StartRoom room = StartRoom.of(folder.resolve("not/there"));

    assertThat(room.freeBytes()).isPositive();
    assertThat(room.directory()).isEqualTo(folder.resolve("not/there"));
  }

  @Test
  void lastWordsSayWhyAndWhatToDo() {
    LastWords words = new LastWords(new PrintWriter(Writer.nullWriter()), room());
    free.set(4096);
    assertThat(words.describe(""))
        .isEqualTo(
            "Kafka cannot write any more, 4 KB are free on the file system of %s: make room there and start again, nothing that was answered 202 is lost",
            folder);

    free.set(DataSize.ofGigabytes(1).toBytes());
    assertThat(words.describe("fault in the metadata"))
        .isEqualTo(
            "Kafka has failed (fault in the metadata): see the log in %s, and start again",
            folder.resolve("logs"));
  }

  private StartRoom room() {
    return new StartRoom(folder, FLOOR, free::get);
  }
}
