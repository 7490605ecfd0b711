package dev.slipway.pipeline.publish;

import dev.slipway.schemas.Topic;
import dev.slipway.schemas.publisher.Checkpoint;
import org.jspecify.annotations.Nullable;

/// Where a [Publisher] gets its records from. Called on the publisher's thread alone, but for
/// `wake`.
///
/// A leading goes: `resume`, then `next` and `told` in turn, then, when the process ends in order,
/// `finish`, then `rest`. Those that may throw a [dev.slipway.pipeline.error.RetryableException]
/// are asked the same again after a pause.
interface PublisherSource extends AutoCloseable {
  /// Its name, unique in the installation, such as `relay-pr`: transactional id and consumer group
  /// are made of it.
  String name();

  /// The topic of its checkpoints.
  Topic checkpoints();

  /// Begins where the last leader ended; whoever led before can publish nothing any more. May throw
  /// a retryable exception.
  ///
  /// @param last what was published with the last transaction that committed; null when there was
  ///   none
  void resume(@Nullable Checkpoint last);

  /// What to publish next; waits a while when there is nothing. Until it is told what became of a
  /// turn, by `told` or `rest`, it answers that turn again. May throw a retryable exception.
  Turn next();

  /// What became of the last turn. Must not fail. What Kafka refuses, it must not offer again in
  /// the same form soon.
  void told(Outcome outcome);

  /// Leads to the end of the process, which ends in order. May throw a retryable exception.
  void finish();

  /// Leads no more; what became of the last turn, if it was told nothing, the last checkpoint will
  /// tell.
  void rest();

  /// Cuts short the wait of `next`. Called by any thread.
  void wake();

  /// How many wait to be published, as far as it knows.
  long waiting();

  /// How many are held back because Kafka refused them: somebody must look.
  long heldBack();

  /// Gives back what it holds, for good.
  @Override
  void close();
}
