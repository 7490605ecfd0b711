package dev.slipway.standalone.parts;

/// The seven ports in a row that an installation has.
///
/// @param first the port of Slipway itself
public record Ports(int first) {
  private static final int COUNT = 7;
  private static final int HIGHEST = 65_535;

  public Ports {
    if (first < 1 || first + COUNT - 1 > HIGHEST) {
      throw new IllegalArgumentException(
          "port " + first + " is not between 1 and " + (HIGHEST - COUNT + 1));
    }
  }

  public int slipway() {
    return first;
  }

  public int kafka() {
    return first + 3;
  }

  public int controller() {
    return first + 4;
  }

  public int registry() {
    return first + 5;
  }

  public int database() {
    return first + 6;
  }
}
