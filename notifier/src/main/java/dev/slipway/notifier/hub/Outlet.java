package dev.slipway.notifier.hub;

import java.util.concurrent.ScheduledExecutorService;

/// The way to one client, as the hub sees it.
interface Outlet {
  /// The one thread that sends to this client, and keeps its time.
  ScheduledExecutorService lane();

  /// Whether what is sent now would leave at once. After it was false, the transport calls
  /// [LiveStream#wake] when it is true again.
  boolean takesMore();
}
