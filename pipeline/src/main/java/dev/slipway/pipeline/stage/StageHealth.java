package dev.slipway.pipeline.stage;

/// How a stage is doing, from good to bad.
enum StageHealth {
  /// Reads what comes in.
  RUNNING,
  /// Not yet a member of its consumer group, or still placing its partitions.
  STARTING,
  /// Something it needs is away; it tries again by itself.
  WAITING,
  /// It cannot begin, and nothing that is away explains it: it tries again, but someone must look.
  FAILING,
  /// Records were lost before it saw them: an operator must look, it skips nothing by itself.
  STOPPED,
  /// Its thread has died of an [Error]: the process must be started anew.
  DEAD
}
