package dev.slipway.localgithub.git;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.net.ProtocolException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// What a client that pushes sends: what it wants to change, and then a pack.
///
/// @param updates what it wants
/// @param hasSideBand whether it takes messages beside the report
/// @param whole all of it, to be read once
record PushRequest(List<RefUpdate> updates, boolean hasSideBand, InputStream whole) {
  private static final int SHA = 40;

  /// A bound on what is kept in memory: a client that wants more at once is none of git's.
  private static final int MOST_UPDATES = 100_000;

  PushRequest {
    updates = List.copyOf(updates);
  }

  /// @throws MalformedPushException when that is not what git sends
  static PushRequest read(InputStream body) throws IOException {
    try {
      return parse(body);
    } catch (EOFException | ProtocolException e) {
      throw new MalformedPushException(e);
    }
  }

  private static PushRequest parse(InputStream body) throws IOException {
    ByteArrayOutputStream read = new ByteArrayOutputStream();
    List<RefUpdate> updates = new ArrayList<>();
    boolean sideBand = false;
    for (Optional<byte[]> packet = PktLines.read(body);
        packet.isPresent();
        packet = PktLines.read(body)) {
      PktLines.write(read, packet.get());
      String line = new String(packet.get(), StandardCharsets.UTF_8);
      int zero = line.indexOf('\0');
      if (zero >= 0) {
        sideBand = List.of(line.substring(zero + 1).strip().split(" ")).contains("side-band-64k");
        line = line.substring(0, zero);
      }
      update(line.stripTrailing()).ifPresent(updates::add);
      if (updates.size() > MOST_UPDATES) {
        throw new ProtocolException("more than " + MOST_UPDATES + " references at once");
      }
    }
    PktLines.flush(read);
    return new PushRequest(
        updates,
        sideBand,
        new SequenceInputStream(new ByteArrayInputStream(read.toByteArray()), body));
  }

  /// A line that names what a shallow client has is none.
  private static Optional<RefUpdate> update(String line) {
    return line.length() > 2 * (SHA + 1) && line.charAt(SHA) == ' '
        ? Optional.of(
            new RefUpdate(
                line.substring(2 * (SHA + 1)),
                line.substring(0, SHA),
                line.substring(SHA + 1, 2 * SHA + 1)))
        : Optional.empty();
  }
}
