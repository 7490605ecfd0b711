package dev.slipway.sandbox.git;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slipway.pipeline.disk.DiskSpace;
import dev.slipway.sandbox.git.Snapshots.Borrowed;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SnapshotsTest {
  private static final long LARGEST = 100;

  @TempDir private Path directory;
  private final AtomicLong now = new AtomicLong();
  private final AtomicInteger made = new AtomicInteger();

  private Snapshots open() throws IOException {
    return Snapshots.open(
        OwnFolder.claim(directory),
        3 * LARGEST,
        LARGEST,
        DiskSpace.unwatched(),
        () -> Instant.ofEpochMilli(now.addAndGet(1_000)));
  }

  private static Snapshots.Key key(String tenant, String sha) {
    return new Snapshots.Key(tenant, "https://github.com/a/b", sha, 1);
  }

  private void fill(Path folder) {
    made.incrementAndGet();
    try {
      Files.write(folder.resolve("pack"), new byte[(int) LARGEST]);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Path use(Snapshots snapshots, Snapshots.Key key) throws InterruptedException {
    try (Borrowed one = snapshots.borrow(key, this::fill)) {
      assertThat(one.path().resolve("pack")).exists();
      return one.path();
    }
  }

  @Test
  void whatIsThereIsNotMadeAgainAlsoAfterARestart() throws Exception {
    try (Snapshots snapshots = open()) {
      Path first = use(snapshots, key("default", "1"));

      assertThat(use(snapshots, key("default", "1"))).isEqualTo(first);
    }
    try (Snapshots again = open()) {
      var _ = use(again, key("default", "1"));
    }

    assertThat(made).hasValue(1);
  }

  @Test
  void eachTenantHasItsOwn() throws Exception {
    try (Snapshots snapshots = open()) {
      Path ours = use(snapshots, key("default", "1"));

      assertThat(use(snapshots, key("acme", "1"))).isNotEqualTo(ours);
      assertThat(made).hasValue(2);
    }
  }

  @Test
  void theOneThatWasUsedLongestAgoGoesFirstAndNoneThatIsInHand() throws Exception {
    try (Snapshots snapshots = open();
        Borrowed inHand = snapshots.borrow(key("default", "1"), this::fill)) {
      Path second = use(snapshots, key("default", "2"));
      Path third = use(snapshots, key("default", "3"));
      assertThat(use(snapshots, key("default", "2"))).isEqualTo(second);

      Path fourth = use(snapshots, key("default", "4"));

      assertThat(third).doesNotExist();
      assertThat(List.of(inHand.path(), second, fourth)).allMatch(Files::exists);
    }
  }

  @Test
  void whereAllIsInHandThereIsNoRoomForNow() throws Exception {
    try (Snapshots snapshots = open();
        Borrowed _ = snapshots.borrow(key("default", "1"), this::fill);
        Borrowed _ = snapshots.borrow(key("default", "2"), this::fill);
        Borrowed _ = snapshots.borrow(key("default", "3"), this::fill)) {

      assertThatThrownBy(() -> use(snapshots, key("default", "4")))
          .isInstanceOfSatisfying(
              GitException.class,
              failed -> assertThat(failed.code()).isEqualTo(GitCode.UNAVAILABLE));
    }
  }

  @Test
  void whatCouldNotBeMadeIsNotThereAndTakesNoRoom() throws Exception {
    try (Snapshots snapshots = open()) {
      for (int n = 0; n < 5; n++) {
        assertThatThrownBy(() ->
                snapshots.borrow(
                    key("default", "1"),
                    folder -> {
                      fill(folder);
                      throw new GitException(GitCode.NOT_FOUND, "gone");
                    }))
            .isInstanceOf(GitException.class);
      }

      assertThat(Folders.list(snapshots.making())).isEmpty();
      assertThat(use(snapshots, key("default", "1"))).exists();
    }
  }

  @Test
  void whatAKilledWorkerWasMakingIsClearedAndIsNoSnapshot() throws Exception {
    Path left;
    try (Snapshots killed = open()) {
      left = killed.scratch();
      fill(left);
    }
    try (Snapshots snapshots = open()) {
      assertThat(left).doesNotExist();
      assertThat(use(snapshots, key("default", "1"))).exists();
    }
  }

  @Test
  void ofSeveralWhoWantOneOneMakesItAndTheOthersWait() throws Exception {
    try (Snapshots snapshots = open()) {
      var begun = new CountDownLatch(1);
      var go = new CountDownLatch(1);
      CompletableFuture<Path> first =
          CompletableFuture.supplyAsync(() -> {
            try (Borrowed one =
                snapshots.borrow(
                    key("default", "1"),
                    folder -> {
                      begun.countDown();
                      go.await();
                      fill(folder);
                    })) {
              return one.path();
            } catch (InterruptedException e) {
              throw new IllegalStateException(e);
            }
          });
      begun.await();
      CompletableFuture<Path> second =
          CompletableFuture.supplyAsync(() -> {
            try {
              return use(snapshots, key("default", "1"));
            } catch (InterruptedException e) {
              throw new IllegalStateException(e);
            }
          });
      go.countDown();

      assertThat(second.join()).isEqualTo(first.join());
      assertThat(made).hasValue(1);
    }
  }

  @Test
  void processesThatShareADirectoryShareNoSnapshot() throws Exception {
    try (Snapshots one = open();
        Snapshots other = open()) {
      assertThat(use(one, key("default", "1"))).isNotEqualTo(use(other, key("default", "1")));
    }
  }
}
