package dev.slipway.benchmarks;

/// A figure that was aimed at.
///
/// @param what it is, unit included
/// @param atLeast whether more is better
public record Aim(String what, double measured, boolean atLeast, double aimed) {
  public boolean met() {
    return atLeast ? measured >= aimed : measured <= aimed;
  }
}
