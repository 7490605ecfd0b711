package dev.slipway.pipeline.stage;

/// How a stage is doing.
enum StageHealth {
  /// Not yet a member of its consumer group, or still placing its partitions.
  STARTING,
  /// Reads what comes in.
  RUNNING,
  /// Something it needs is away; it tries again by itself.
  WAITING,
  /// Records were lost before it saw them: an operator must look, it skips nothing by itself.
  STOPPED,
  /// Its thread has died of an [Error]: the process must be started anew.
  DEAD
}
