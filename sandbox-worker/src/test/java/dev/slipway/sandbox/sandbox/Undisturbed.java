package dev.slipway.sandbox.sandbox;

import dev.slipway.pipeline.error.RetryableException;
import dev.slipway.pipeline.rebuild.Rebuild;

/// Watches a rebuild that nothing is to come between.
final class Undisturbed implements Rebuild.Steps {
  @Override
  public void at(int percent, long records) {}

  @Override
  public void await(RetryableException failure) {
    throw failure;
  }
}
