package dev.slipway.pr.github;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.io.TempDir;

/// The contract on the local server that speaks as GitHub does.
class GitHubOnLocalIT extends GitHubContract {
  @TempDir static Path directory;

  // CONFINED: to the thread of the tests
  private @Nullable LocalSite local;

  @Override
  TestSite start() {
    LocalSite started = LocalSite.start(directory);
    local = started;
    return started.with("site");
  }

  @AfterAll
  void stop() {
    if (local != null) {
      local.close();
    }
  }
}
