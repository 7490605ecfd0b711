package dev.slipway.standalone.parts;

/// The seven ports in a row that an installation has.
///
/// @param first the port of Slipway itself
public record Ports(int first) {
  private static final int COUNT = 7;
  static final int CONTROLLER = 4;
  static final int REGISTRY = 5;
  static final int DATABASE = 6;
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

  /// The local E2B server.
  public int e2b() {
    return first + 1;
  }

  /// The local GitHub.
  public int github() {
    return first + 2;
  }

  public int kafka() {
    return first + 3;
  }

  public int controller() {
    return first + CONTROLLER;
  }

  public int registry() {
    return first + REGISTRY;
  }

  public int database() {
    return first + DATABASE;
  }
}
