package dev.slipway.standalone.chaos;

import java.time.Duration;

/// One task and what people do with it.
///
/// @param number from 0
/// @param fate what they do
/// @param isSquashed whether its merge makes one commit of it
/// @param cancelAfter how long after it was asked for it is cancelled, if it is
record PlannedTask(int number, Fate fate, boolean isSquashed, Duration cancelAfter) {
  /// The file that its work makes, in a repository of several tasks.
  String file() {
    return "changes/task-" + number + ".txt";
  }

  /// What its work writes there.
  String content() {
    return "the work of task " + number + "\n";
  }

  /// As GitHub and people read it.
  String title() {
    return "Change " + number;
  }
}
