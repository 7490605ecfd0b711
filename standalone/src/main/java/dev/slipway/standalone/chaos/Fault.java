package dev.slipway.standalone.chaos;

import java.time.Duration;
import java.util.Set;

/// One thing that goes wrong, and when.
///
/// @param after how many tasks have been asked for when its time comes
/// @param pause how long after that it begins
record Fault(int after, Duration pause, Disturbance what) {

  /// What happens.
  sealed interface Disturbance {
    FaultKind kind();

    /// As people read it.
    String title();

    /// The parts whose processes it is about.
    default Set<Part> parts() {
      return Set.of();
    }
  }

  /// A process dies.
  record Kill(Part part, int instance) implements Disturbance {
    @Override
    public FaultKind kind() {
      return FaultKind.KILL;
    }

    @Override
    public String title() {
      return "SIGKILL of " + process(part, instance);
    }

    @Override
    public Set<Part> parts() {
      return Set.of(part);
    }
  }

  /// All processes of a service die at a point of a task's way.
  record KillAt(Point point) implements Disturbance {
    @Override
    public FaultKind kind() {
      return FaultKind.KILL_AT_POINT;
    }

    @Override
    public String title() {
      return "SIGKILL of %s %s".formatted(point.victim().argument(), point.title());
    }

    @Override
    public Set<Part> parts() {
      return Set.of(point.victim());
    }
  }

  /// A process stands still.
  record Freeze(Part part, int instance, Duration length) implements Disturbance {
    @Override
    public FaultKind kind() {
      return FaultKind.FREEZE;
    }

    @Override
    public String title() {
      return "SIGSTOP of %s for %d s".formatted(process(part, instance), length.toSeconds());
    }

    @Override
    public Set<Part> parts() {
      return Set.of(part);
    }
  }

  /// The process of Kafka, PostgreSQL and registry dies.
  record RestartBroker() implements Disturbance {
    @Override
    public FaultKind kind() {
      return FaultKind.BROKER_RESTART;
    }

    @Override
    public String title() {
      return "restart of Kafka, with PostgreSQL and registry";
    }

    @Override
    public Set<Part> parts() {
      return Set.of(Part.INFRA);
    }
  }

  /// PostgreSQL dies alone.
  record RestartDatabase() implements Disturbance {
    @Override
    public FaultKind kind() {
      return FaultKind.DATABASE_RESTART;
    }

    @Override
    public String title() {
      return "restart of PostgreSQL";
    }

    @Override
    public Set<Part> parts() {
      return Set.of(Part.INFRA);
    }
  }

  /// The next webhooks come twice, or as late and in another order.
  record Misdeliver(boolean isTwice, int count) implements Disturbance {
    @Override
    public FaultKind kind() {
      return isTwice ? FaultKind.DELIVERIES_TWICE : FaultKind.DELIVERIES_REORDERED;
    }

    @Override
    public String title() {
      return "the next %d deliveries %s".formatted(count, isTwice ? "twice" : "in another order");
    }
  }

  /// GitHub does something wrong.
  record Misbehave(FaultKind kind, Rule rule) implements Disturbance {
    @Override
    public String title() {
      return "%s: %d times %s".formatted(kind.title(), rule.times(), rule.match());
    }
  }

  private static String process(Part part, int instance) {
    return part.instances() == 1 ? part.argument() : part.argument() + " " + (instance + 1);
  }
}
