package dev.slipway.localgithub.repository;

import dev.slipway.localgithub.api.Account;
import dev.slipway.localgithub.git.RefUpdate;
import java.util.List;

/// Follows references.
@FunctionalInterface
public interface RefListener {
  /// Is told that references have changed; they may have changed again since.
  void changed(Repository repository, List<RefUpdate> updates, Account by);
}
