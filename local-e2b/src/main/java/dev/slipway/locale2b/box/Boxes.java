package dev.slipway.locale2b.box;

import java.util.Optional;

/// Makes boxes below one directory. They live as long as this object: when it is closed, and when
/// this JVM ends in whatever way, all that runs in them ends too.
public interface Boxes extends AutoCloseable {
  /// Why there can be no boxes on this machine, as a sentence that ends with the remedy; found out
  /// by running one. Nothing when there can be.
  Optional<String> unavailable();

  /// Makes a box in which nothing runs yet.
  ///
  /// @throws BoxException if there can be none, or its id is taken
  Box create(BoxSpec spec) throws BoxException;

  /// Closes all boxes.
  @Override
  void close();
}
