package dev.slipway.ingress.delivery;

import dev.slipway.web.ApiException;
import io.netty.buffer.ByteBuf;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// Receives one body: keeps it and feeds the signature check, until there is a reason to refuse it;
/// from then on drops what comes, up to 1 MiB, so that a client that sends before it reads gets to
/// see the answer.
///
/// Used by one thread at a time; only [BodyPace] looks at it from another.
final class BodyReceiver {
  private static final int DROPPED_BYTES = 1024 * 1024;
  private static final int FIRST_BYTES = 16 * 1024;
  private static final byte[] NOTHING = {};

  private final int largest;
  private final ByteBudget.@Nullable Lease lease;
  private final SigningSecrets.@Nullable Check check;

  // CONFINED: to the connection's event loop
  private volatile byte[] body = NOTHING; // its length is read by BodyPace too
  private volatile int length; // read by BodyPace too
  private int dropped;
  private @Nullable ApiException refusal;

  private BodyReceiver(
      int largest,
      ByteBudget.@Nullable Lease lease,
      SigningSecrets.@Nullable Check check,
      @Nullable ApiException refusal) {
    this.largest = largest;
    this.lease = lease;
    this.check = check;
    this.refusal = refusal;
  }

  /// For a body that shall be kept.
  static BodyReceiver keeping(
      RequestHead head, ByteBudget.Lease lease, SigningSecrets.Check check) {
    BodyReceiver receiver = new BodyReceiver(head.largestBytes(), lease, check, null);
    receiver.body = new byte[(int) Math.max(0, head.declaredBytes())];
    return receiver;
  }

  /// For a body that was refused by its headers.
  static BodyReceiver dropping(ApiException refusal) {
    return new BodyReceiver(0, null, null, refusal);
  }

  /// Reads a part.
  ///
  /// @return whether more is wanted
  boolean receive(ByteBuf part) {
    int bytes = part.readableBytes();
    if (refusal == null) {
      keep(part, bytes);
    }
    if (refusal != null) {
      dropped += bytes;
    }
    return dropped <= DROPPED_BYTES;
  }

  /// Bytes received so far.
  int length() {
    return length;
  }

  /// Whether it was made for a body that shall be kept.
  boolean isKeeping() {
    return lease != null;
  }

  /// What a body that comes too slowly is answered.
  ApiException tooSlow() {
    return refusal == null ? Refusals.tooSlow() : refusal;
  }

  /// Whether the body takes room that others wait for.
  boolean large() {
    return lease != null && body.length > ByteBudget.SMALL_BYTES;
  }

  /// The whole body, in an array of its size.
  ///
  /// @throws ApiException when it was refused
  byte[] body() {
    if (refusal != null) {
      throw refusal;
    }
    byte[] whole = body.length == length ? body : Arrays.copyOf(body, length);
    body = NOTHING;
    return whole;
  }

  private void keep(ByteBuf part, int more) {
    int received = length;
    if (received + (long) more > largest) {
      refuse(RequestHead.tooLarge(largest));
      return;
    }
    if (!reserve(received + more)) {
      refuse(Refusals.noRoom());
      return;
    }
    part.readBytes(body, received, more);
    if (check != null) {
      check.update(ByteBuffer.wrap(body, received, more));
    }
    length = received + more;
  }

  /// A body without declared length doubles its room as it comes.
  private boolean reserve(int needed) {
    if (needed <= body.length) {
      return true;
    }
    int room = (int) Math.min(largest, Math.max(Math.max(FIRST_BYTES, needed), body.length * 2L));
    if (lease == null || !lease.grow(room)) {
      return false;
    }
    body = Arrays.copyOf(body, room);
    return true;
  }

  private void refuse(ApiException reason) {
    refusal = reason;
    body = NOTHING;
    if (lease != null) {
      lease.close();
    }
  }
}
