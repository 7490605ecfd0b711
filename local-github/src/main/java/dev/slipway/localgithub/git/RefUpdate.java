package dev.slipway.localgithub.git;

/// A change of a reference.
///
/// @param ref its full name
/// @param before its object, [#NONE] when it was not there
/// @param after its object, [#NONE] when it is gone
public record RefUpdate(String ref, String before, String after) {
  public static final String NONE = "0".repeat(40);

  public boolean isCreation() {
    return before.equals(NONE);
  }

  public boolean isDeletion() {
    return after.equals(NONE);
  }
}
