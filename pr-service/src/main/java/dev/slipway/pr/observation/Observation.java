package dev.slipway.pr.observation;

import dev.slipway.pipeline.core.Command;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// An answer of GitHub's that tells of a pull request. It is put on `github.deliveries`, as what
/// GitHub sends by itself is, and what follows from it follows from there.
///
/// @param resource path of what was read
/// @param observedAt when GitHub made it, by its own clock; null when it did not say
/// @param receivedAt when it had been read
/// @param body byte for byte
@SuppressWarnings("ArrayRecordComponent") // never compared
public record Observation(
    long repositoryId,
    long number,
    String resource,
    @Nullable Instant observedAt,
    Instant receivedAt,
    byte[] body)
    implements Command {

  /// Leaves out what people wrote.
  @Override
  public String toString() {
    return "Observation[%d#%d, %d bytes]".formatted(repositoryId, number, body.length);
  }
}
