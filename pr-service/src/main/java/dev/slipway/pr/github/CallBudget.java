package dev.slipway.pr.github;

import java.time.Duration;

/// How many calls that write GitHub stands. Whoever makes one takes it from here first.
public interface CallBudget {
  /// For who makes a call now and then, at somebody's wish.
  CallBudget UNLIMITED =
      new CallBudget() {
        @Override
        public void take(String caller, boolean creates) {}

        @Override
        public void rest(String caller, Duration wait) {}
      };

  /// Takes one call that writes, and waits a moment where another was just made.
  ///
  /// @param caller whose budget it is
  /// @param creates whether it makes something that people see
  /// @throws dev.slipway.web.github.GitHubException none is left (`rate_limited`), and says when
  void take(String caller, boolean creates);

  /// GitHub wants no calls for a while.
  void rest(String caller, Duration wait);
}
