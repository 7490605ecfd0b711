package dev.slipway.pipeline.stage;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Tells of decisions that failed and bury no record.
final class FoldFailures {
  private static final Logger log = LoggerFactory.getLogger(FoldFailures.class);

  private FoldFailures() {}

  static void log(String stage, String what, String id, RuntimeException failure) {
    log.atError().addKeyValue("stage", stage).addKeyValue("id", id).setCause(failure).log(what);
  }
}
