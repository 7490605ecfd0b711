package dev.slipway.localgithub.store;

import java.util.Comparator;

/// Which document.
///
/// @param repository whose it is, 0 when it is none's
/// @param id among those of its kind and repository
public record Key(long repository, long id) implements Comparable<Key> {
  private static final Comparator<Key> ORDER =
      Comparator.comparingLong(Key::repository).thenComparingLong(Key::id);

  @Override
  public int compareTo(Key other) {
    return ORDER.compare(this, other);
  }
}
