package dev.slipway.pr.github;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.io.TempDir;

/// The contract on a server of another make, below a path of its own.
class GitHubOfAnotherMakeIT extends GitHubContract {
  @TempDir static Path directory;

  // CONFINED: to the thread of the tests
  private @Nullable LocalSite local;
  private @Nullable OtherMake other;

  @Override
  TestSite start() {
    LocalSite started = LocalSite.start(directory);
    local = started;
    OtherMake front = OtherMake.before(started.server().api());
    other = front;
    return started.with("site", front.api());
  }

  @AfterAll
  void stop() {
    if (other != null) {
      other.close();
    }
    if (local != null) {
      local.close();
    }
  }
}
