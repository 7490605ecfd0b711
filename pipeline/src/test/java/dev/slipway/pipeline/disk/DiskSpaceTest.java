package dev.slipway.pipeline.disk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.slipway.pipeline.error.RetryableException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.util.unit.DataSize;

class DiskSpaceTest {
  private static final long MIB = 1024 * 1024;

  private final AtomicLong free = new AtomicLong(100 * MIB);
  private final AtomicLong nanos = new AtomicLong();
  private final AtomicInteger looked = new AtomicInteger();
  private final DiskSpace disk =
      DiskSpace.of(
          80 * MIB,
          () -> {
            looked.incrementAndGet();
            return free.get();
          },
          nanos::get);

  @Test
  void belowTheFloorItIsLowUntilAnEighthMoreIsFree() {
    assertThat(lowWith(80 * MIB)).isFalse();
    assertThat(lowWith(80 * MIB - 1)).isTrue();
    assertThat(lowWith(90 * MIB - 1)).isTrue();
    assertThat(lowWith(90 * MIB)).isFalse();
    assertThat(lowWith(80 * MIB)).isFalse();
  }

  @Test
  void whatWouldMakeItLowIsNotTaken() {
    assertThat(lowWith(90 * MIB)).isFalse();
    assertThat(disk.takes(10 * MIB)).isTrue();
    assertThat(disk.takes(10 * MIB + 1)).isFalse();

    assertThat(lowWith(79 * MIB)).isTrue();
    assertThat(lowWith(89 * MIB)).isTrue();
    assertThat(disk.takes(0)).isFalse();
  }

  @Test
  void whoeverFillsItIsToldToComeBackAndWhatToDo() {
    assertThat(lowWith(3 * MIB)).isTrue();

    assertThatExceptionOfType(RetryableException.class)
        .isThrownBy(disk::require)
        .withMessageContaining("3 MB are free")
        .withMessageContaining("80 MB")
        .withMessageContaining("/data")
        .withMessageContaining("make room");

    assertThat(lowWith(100 * MIB)).isFalse();
    assertThatCode(disk::require).doesNotThrowAnyException();
  }

  @Test
  void theFileSystemIsLookedAtTenTimesASecondAtMost() {
    for (int asked = 0; asked < 5; asked++) {
      assertThat(disk.isLow()).isFalse();
    }
    assertThat(looked).hasValue(1);

    nanos.addAndGet(Duration.ofMillis(99).toNanos());
    assertThat(disk.isLow()).isFalse();
    assertThat(looked).hasValue(1);

    nanos.addAndGet(Duration.ofMillis(1).toNanos());
    assertThat(disk.isLow()).isFalse();
    assertThat(looked).hasValue(2);
  }

  @Test
  void aFolderThatIsGoneTakesNothing(@TempDir Path folder) throws IOException {
    Path data = folder.resolve("data");
    DiskProperties properties = new DiskProperties(data, DataSize.ofMegabytes(1));
    DiskSpace gone = DiskSpace.of(properties);

    assertThat(gone.isLow()).isTrue();
    assertThat(gone.describe()).contains(data.toString()).contains("Nobody can tell");

    Files.createDirectory(data);

    assertThat(DiskSpace.of(properties).isLow()).isFalse();
  }

  @Test
  void whereNothingIsWatchedThereIsAlwaysRoom() {
    DiskSpace unwatched = DiskSpace.unwatched();

    assertThat(unwatched.isWatched()).isFalse();
    assertThat(unwatched.isLow()).isFalse();
    assertThat(unwatched.takes(Long.MAX_VALUE)).isTrue();
    assertThat(disk.isWatched()).isTrue();
  }

  private boolean lowWith(long bytes) {
    free.set(bytes);
    nanos.addAndGet(Duration.ofMillis(100).toNanos());
    return disk.isLow();
  }
}
