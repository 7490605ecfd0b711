package dev.slipway.locale2b.control;

import dev.slipway.locale2b.box.Box;
import dev.slipway.locale2b.control.ListQuery.Listed;
import dev.slipway.locale2b.envd.Daemon;
import java.util.Optional;
import java.util.concurrent.Future;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// A sandbox that there is. Who changes it holds its lock; who looks sees what was there last.
final class Sandbox {
  private final String id;
  private final String token;
  private final CreateRequest request;
  private final Box box;
  private final Daemon daemon;
  private final ReentrantLock lock = new ReentrantLock();
  private volatile Life life;
  private volatile Egress egress;
  private volatile boolean gone;

  // guarded by lock
  private @Nullable Future<?> alarm;

  Sandbox(String id, String token, CreateRequest request, Box box, Daemon daemon, Life life) {
    this.id = id;
    this.token = token;
    this.request = request;
    this.box = box;
    this.daemon = daemon;
    this.life = life;
    egress = request.egress();
  }

  String id() {
    return id;
  }

  String token() {
    return token;
  }

  CreateRequest request() {
    return request;
  }

  Box box() {
    return box;
  }

  Daemon daemon() {
    return daemon;
  }

  ReentrantLock lock() {
    return lock;
  }

  Life life() {
    return life;
  }

  void life(Life next) {
    life = next;
  }

  Egress egress() {
    return egress;
  }

  void egress(Egress next) {
    egress = next;
    box.network(next.rules());
  }

  boolean isGone() {
    return gone;
  }

  /// Nobody finds it any more.
  void leave() {
    gone = true;
  }

  /// Replaces what wakes us when its time is over; without one nothing does.
  void alarm(Optional<Future<?>> next) {
    if (alarm != null) {
      alarm.cancel(false);
    }
    alarm = next.orElse(null);
  }

  Listed listed() {
    Life now = life;
    return new Listed(id, request.template(), request.metadata(), now.state(), now.startedAt());
  }
}
