package dev.slipway.pipeline.stage;

/// How a stage is doing, from good to bad.
enum StageHealth {
  /// Reads what comes in.
  RUNNING,
  /// Not yet a member of its consumer group, or still placing its partitions.
  STARTING,
  /// Something it needs is away; it tries again by itself.
  WAITING,
  /// It has no partition, and nobody else in its group has one either.
  IDLE,
  /// It cannot begin, and nothing that is away explains it: it tries again, but someone must look.
  FAILING,
  /// One record after the other became a dead letter: an operator must look, before all of them do.
  BURYING,
  /// Records were lost before it saw them: an operator must look, it skips nothing by itself.
  STOPPED,
  /// Its thread has died of an [Error]: the process must be started anew.
  DEAD
}
