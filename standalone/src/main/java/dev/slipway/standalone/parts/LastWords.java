package dev.slipway.standalone.parts;

import dev.slipway.embedded.ChildServer;
import dev.slipway.embedded.KafkaServer;
import java.io.PrintWriter;

/// What a process says and does when its Kafka gives up, which ends the process at once: Kafka
/// itself says nothing, and the children would live on without a parent.
///
/// @param err standard error
/// @param room of the data directory
record LastWords(PrintWriter err, StartRoom room) {
  private static final long FULL_BYTES = 8L * 1024 * 1024;

  /// Makes sure that they are heard. Called before Kafka starts.
  void prepare() {
    KafkaServer.onFailure(this::say);
  }

  private void say(String reason) {
    err.println("slipway: " + describe(reason));
    err.flush();
    ChildServer.endAll();
  }

  /// @param reason as Kafka gives it, which may be nothing
  String describe(String reason) {
    long free = room.freeBytes();
    return free < FULL_BYTES
        ? ("Kafka cannot write any more, %d KB are free on the file system of %s: make room there and"
                + " start again, nothing that was answered 202 is lost")
            .formatted(free / 1024, room.directory())
        : "Kafka has failed%s: see the log in %s, and start again"
            .formatted(
                reason.isEmpty() ? "" : " (" + reason + ")", room.directory().resolve("logs"));
  }
}
