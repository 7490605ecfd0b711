package dev.slipway.pipeline.live;

/// What stands in a partition of `notifications` where some are missing: whoever reads on from
/// before it must be told.
public final class Gap {
  private static final String TYPE = "gap";

  private Gap() {}

  /// Type of such a record.
  public static String type() {
    return TYPE;
  }
}
