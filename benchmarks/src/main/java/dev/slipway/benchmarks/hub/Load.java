package dev.slipway.benchmarks.hub;

import dev.slipway.benchmarks.Schedule;
import java.io.IOException;
import java.time.Duration;

/// How events are published during a turn.
@FunctionalInterface
interface Load {
  /// Publishes for so long.
  void run(HubServer server, Broadcasts broadcasts, Duration duration)
      throws IOException, InterruptedException;

  /// As many as all clients take: as soon as they have got one, there is another.
  static Load full() {
    return (server, broadcasts, duration) -> {
      long end = System.nanoTime() + duration.toNanos();
      while (System.nanoTime() < end) {
        int count = broadcasts.awaitRoom();
        server.publish(broadcasts.publish(count, System.nanoTime()), count);
      }
    };
  }

  /// One after the other at a constant rate; what is late counts from when it was due.
  static Load paced(int perSecond) {
    return (server, broadcasts, duration) -> {
      Schedule schedule = Schedule.of(perSecond);
      for (int number = 0; number < schedule.within(duration); number++) {
        schedule.await(number);
        broadcasts.awaitOne();
        server.publish(broadcasts.publish(1, schedule.due(number)), 1);
      }
    };
  }
}
