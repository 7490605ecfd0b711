package dev.slipway.sandbox.command;

import dev.slipway.pipeline.kafka.KafkaClients;
import dev.slipway.pipeline.operation.Lease;
import dev.slipway.pipeline.publish.StreamPublisher;
import dev.slipway.pipeline.stage.LeasedOperation;
import dev.slipway.sandbox.command.CommandInSandbox.Seen;
import dev.slipway.sandbox.command.CommandInSandbox.Wanted;
import dev.slipway.sandbox.provider.FailureCode;
import dev.slipway.sandbox.provider.ProviderRefusedException;
import dev.slipway.sandbox.provider.SandboxSession;
import java.util.Collection;
import java.util.UUID;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Runs commands: each is begun once, whatever is killed, and what it prints is published without a
/// gap.
///
/// | what is found in the sandbox | what is done |
/// |---|---|
/// | nothing | the command is begun |
/// | it runs | it is followed from where its output is published |
/// | it has ended | what is left of its output is published, then its end is told |
/// | it was begun, and is gone | `command_lost` |
public final class RunCommandAct {
  private final KafkaClients clients;
  private final StreamPublisher publisher;
  private final OutputCodec codec;
  private final OutputLog log;
  private final CommandProperties properties;

  RunCommandAct(
      KafkaClients clients,
      StreamPublisher publisher,
      OutputCodec codec,
      OutputLog log,
      CommandProperties properties) {
    this.clients = clients;
    this.publisher = publisher;
    this.codec = codec;
    this.log = log;
    this.properties = properties;
  }

  /// What came of a command.
  public sealed interface Ran {
    /// It has ended.
    ///
    /// @param tail the last lines that it printed; null when all went well or it printed nothing
    record Ended(Exit exit, @Nullable String tail, boolean cancelled) implements Ran {
      /// Leaves out what it printed.
      @Override
      public String toString() {
        return "Ended[%s, cancelled=%s]".formatted(exit, cancelled);
      }
    }

    /// It never began, and never will.
    record Never() implements Ran {}

    /// There is no such directory.
    record NoDirectory() implements Ran {}

    /// It was begun, and nobody can tell how it ended.
    ///
    /// @param stdoutBytes what there was of its output
    /// @param sandboxToo whether its sandbox is gone as well
    record Lost(long stdoutBytes, long stderrBytes, boolean sandboxToo) implements Ran {}
  }

  /// Runs it, or goes on with it.
  ///
  /// @param wanted asked for when it is begun
  /// @param secrets values that are masked in its output
  /// @param began told when it begins
  /// @throws dev.slipway.pipeline.error.RetryableException when something is away: done again, it
  ///   goes on from there
  /// @throws InterruptedException when it is left to others
  public Ran run(
      LeasedOperation operation,
      OutputSource source,
      SandboxSession session,
      Supplier<Wanted> wanted,
      Collection<String> secrets,
      Lease<?> lease,
      Beginning began)
      throws InterruptedException {
    var command = new CommandInSandbox(session, operation.id());
    Published left = Published.parse(operation.note());
    Seen seen = left == null ? new Seen.None() : seen(command, left);
    if (seen instanceof Seen.None && lease.isCancelled() && command.stop()) {
      return new Ran.Never();
    }
    Published published =
        left == null
            ? log.beginning(publisher.transactionalId(), source.sandbox())
            : takeOver(operation, left);
    lease.noteNow(published.json());
    if (seen instanceof Seen.None) {
      began.tell();
      seen = command.begin(wanted.get());
    }
    if (seen instanceof Seen.NoDirectory) {
      return new Ran.NoDirectory();
    }
    published = published.withBegun();
    lease.noteNow(published.json());
    OutputTrack track = track(source, secrets, published, lease);
    return followed(operation.id(), command, track, seen instanceof Seen.Lost, lease);
  }

  private static Seen seen(CommandInSandbox command, Published left) {
    Seen seen = command.look();
    // it has removed what says so
    return seen instanceof Seen.None && left.begun() ? new Seen.Lost() : seen;
  }

  /// Nothing more of it is published once the lease or the publisher has gone to another.
  private OutputTrack track(
      OutputSource source, Collection<String> secrets, Published published, Lease<?> lease) {
    int generation = publisher.generation();
    return new OutputTrack(
        source,
        codec,
        publisher,
        () -> lease.isHeld() && publisher.generation() == generation,
        secrets,
        published);
  }

  private Ran followed(
      UUID operation, CommandInSandbox command, OutputTrack track, boolean isLost, Lease<?> lease)
      throws InterruptedException {
    boolean isPublished = track.published().ended();
    Exit exit = null;
    boolean isSandboxLost = false;
    try {
      if (isPublished) {
        exit = command.look() instanceof Seen.Ended(Exit end) ? end : null;
      } else if (!isLost) {
        exit = new Follower(command, lease, properties.pause()).follow(track);
      }
    } catch (ProviderRefusedException e) {
      if (e.code() != FailureCode.SANDBOX_LOST) {
        throw e;
      }
      isSandboxLost = true;
    }
    if (!isPublished) {
      track.end(exit);
      // where its output stands is asked for afterwards too: kept with the outcome
      lease.note(track.published().json());
    }
    Published all = track.published();
    return exit == null
        ? new Ran.Lost(all.stdout(), all.stderr(), isSandboxLost)
        : new Ran.Ended(
            exit.with(all.stdout(), all.stderr()),
            tail(operation, track, exit),
            lease.isCancelled());
  }

  private @Nullable String tail(UUID operation, OutputTrack track, Exit exit) {
    if (exit.code() == 0 && !exit.late()) {
      return null;
    }
    Tail seen = track.tail();
    return (seen == null ? log.tail(operation, track.published()) : seen).text();
  }

  /// What is known of a command whose sandbox is gone.
  public static Ran.Lost lost(LeasedOperation operation) {
    Published left = Published.parse(operation.note());
    return left == null
        ? new Ran.Lost(0, 0, true)
        : new Ran.Lost(left.stdout(), left.stderr(), true);
  }

  /// After this, nothing of it is published but by us, and we know how far it is.
  private Published takeOver(LeasedOperation operation, Published left)
      throws InterruptedException {
    if (left.publisher().equals(publisher.transactionalId())) {
      publisher.drain();
    } else {
      StreamPublisher.fence(clients, left.publisher());
    }
    return log.read(operation.id(), left).by(publisher.transactionalId());
  }

  /// Who is told that a command begins.
  @FunctionalInterface
  public interface Beginning {
    /// It begins.
    void tell() throws InterruptedException;
  }
}
