package dev.slipway.ingress.delivery;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.util.Optional;

/// Bounds the bytes of all bodies that are held at once. A part is kept for small bodies, so that a
/// flood of large ones never makes a small one wait; small ones may use the rest too.
///
/// A body that is larger than the whole rest still gets in when it is the only one there: a small
/// heap makes large deliveries rare, not impossible.
final class ByteBudget {
  /// Largest body that counts as small.
  static final int SMALL_BYTES = 1024 * 1024;

  private final long total;
  private final long reserved;
  private final int copies;

  @GuardedBy("this")
  private long reservedUsed;

  @GuardedBy("this")
  private long restUsed;

  /// @param totalBytes of all bodies, each counted `copies` times
  /// @param copies of one body that exist at the worst moment of its way
  ByteBudget(long totalBytes, int copies) {
    this.total = totalBytes;
    this.reserved = totalBytes / 4;
    this.copies = copies;
  }

  /// Makes room for a body.
  ///
  /// @param bytes its declared length
  /// @return empty when there is no room now; else close it when the last copy is gone
  Optional<Lease> open(long bytes) {
    Lease lease = new Lease();
    return lease.grow(bytes) ? Optional.of(lease) : Optional.empty();
  }

  /// Bytes that fit in all.
  long total() {
    return total;
  }

  /// Bytes held now.
  synchronized long used() {
    return reservedUsed + restUsed;
  }

  /// Room for one body.
  final class Lease implements AutoCloseable {
    @GuardedBy("ByteBudget.this")
    private long fromReserved;

    @GuardedBy("ByteBudget.this")
    private long fromRest;

    private Lease() {}

    /// Makes room for more of the same body. Without room the lease stays as it is.
    ///
    /// @param bytes of the whole body so far
    boolean grow(long bytes) {
      long wanted = bytes * copies;
      synchronized (ByteBudget.this) {
        long reservedLeft = reserved - reservedUsed + fromReserved;
        long restOfOthers = restUsed - fromRest;
        if (bytes <= SMALL_BYTES && wanted <= reservedLeft) {
          set(wanted, 0);
        } else if (restOfOthers == 0 || restOfOthers + wanted <= total - reserved) {
          set(0, wanted);
        } else {
          return false;
        }
        return true;
      }
    }

    /// Gives the room back; the second time does nothing.
    @Override
    public void close() {
      synchronized (ByteBudget.this) {
        set(0, 0);
      }
    }

    @GuardedBy("ByteBudget.this")
    private void set(long newFromReserved, long newFromRest) {
      reservedUsed += newFromReserved - fromReserved;
      restUsed += newFromRest - fromRest;
      fromReserved = newFromReserved;
      fromRest = newFromRest;
    }
  }
}
