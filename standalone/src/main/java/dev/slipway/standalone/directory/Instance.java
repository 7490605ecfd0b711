package dev.slipway.standalone.directory;

/// A name that this process alone has as long as it lives, and that the next process gets when this
/// one is gone. Kafka knows group members by it: a restarted process takes its partitions over at
/// once, instead of waiting until the dead one's session has timed out.
public final class Instance implements AutoCloseable {
  private static final int MOST = 1_000;

  private final String name;
  private final int number;
  private final HeldLock lock;

  private Instance(String name, int number, HeldLock lock) {
    this.name = name;
    this.number = number;
    this.lock = lock;
  }

  /// Takes the lowest free number of this directory.
  public static Instance take(DataDirectory directory) {
    for (int number = 0; number < MOST; number++) {
      var lock = HeldLock.tryTake(directory.lockFile("instance-" + number));
      if (lock.isPresent()) {
        return new Instance(directory.id() + "-" + number, number, lock.get());
      }
    }
    throw new TakenException("more than " + MOST + " processes use " + directory.root());
  }

  /// The name, unlike those of other directories too: several may share a Kafka.
  public String name() {
    return name;
  }

  /// The number alone.
  public int number() {
    return number;
  }

  @Override
  public void close() {
    lock.close();
  }
}
