package dev.slipway.locale2b.envd;

import java.util.Collection;

/// The sandboxes that there are.
public interface Daemons {
  /// The daemon of a running sandbox; one that wakes on traffic is woken first.
  ///
  /// @throws dev.slipway.localserver.RefusedException 502 when there is none that runs
  Daemon awake(String sandboxId);

  /// Those of all running sandboxes.
  Collection<Daemon> running();
}
