package dev.slipway.pr.pullrequest;

import java.util.Collection;

/// What the checks on one commit come to.
record Checks(State state, int total, int succeeded, int failed, int pending) {
  static final Checks NONE = new Checks(State.NONE, 0, 0, 0, 0);

  /// All of them together.
  public enum State {
    NONE,
    PENDING,
    SUCCESS,
    FAILURE
  }

  static Checks of(Collection<Check> checks) {
    int succeeded = 0;
    int failed = 0;
    int pending = 0;
    for (Check check : checks) {
      switch (check.result()) {
        case SUCCEEDED -> succeeded++;
        case FAILED -> failed++;
        case PENDING -> pending++;
      }
    }
    return of(succeeded, failed, pending);
  }

  /// From how many came to what.
  static Checks of(int succeeded, int failed, int pending) {
    int total = succeeded + failed + pending;
    State state;
    if (total == 0) {
      state = State.NONE;
    } else if (failed > 0) {
      state = State.FAILURE;
    } else {
      state = pending > 0 ? State.PENDING : State.SUCCESS;
    }
    return new Checks(state, total, succeeded, failed, pending);
  }
}
