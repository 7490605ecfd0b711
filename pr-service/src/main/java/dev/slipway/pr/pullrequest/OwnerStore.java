package dev.slipway.pr.pullrequest;

import dev.slipway.pr.sandbox.SandboxOwner;
import io.r2dbc.spi.Readable;
import org.jspecify.annotations.Nullable;

/// Whom a pull request is for, joined when it is read.
public final class OwnerStore {
  /// Joined to a row of a pull request `p`.
  public static final String OF_PULL_REQUEST =
      SandboxOwnerStore.OF_PULL_REQUEST + TaskOwnerStore.OF_PULL_REQUEST;

  /// The columns that [#owner] reads.
  public static final String SELECTED = SandboxOwnerStore.SELECTED + ", " + TaskOwnerStore.SELECTED;

  private OwnerStore() {}

  /// Whose the row is.
  ///
  /// @return null when nobody's is known
  public static @Nullable Owner owner(Readable row) {
    Owner task = TaskOwnerStore.owner(row);
    SandboxOwner sandbox = SandboxOwnerStore.owner(row);
    if (task != null) {
      return task.in(SandboxOwnerStore.isExact(row) ? sandbox : null);
    }
    return sandbox == null ? null : Owner.of(sandbox);
  }
}
