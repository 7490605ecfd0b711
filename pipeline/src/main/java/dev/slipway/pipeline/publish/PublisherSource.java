package dev.slipway.pipeline.publish;

import dev.slipway.schemas.Topic;
import dev.slipway.schemas.publisher.Checkpoint;
import org.jspecify.annotations.Nullable;

/// Where a [Publisher] gets its records from. Called on the publisher's thread alone.
///
/// A leading goes: `resume`, then `next` and `published` (or `refused`) in turn, then `rest`.
/// Anything may throw a [dev.slipway.pipeline.error.RetryableException]: the same is asked again
/// after a pause.
public interface PublisherSource {
  /// Its name, unique in the installation, such as `relay-pr`: transactional id and consumer group
  /// are made of it.
  String name();

  /// The topic of its checkpoints.
  Topic checkpoints();

  /// Begins where the last leader ended; whoever led before can publish nothing any more.
  ///
  /// @param last what was published with the last transaction that committed; null when there was
  ///   none
  void resume(@Nullable Checkpoint last);

  /// What to publish next; waits a short while when there is nothing. Until `published` it may
  /// answer the same again.
  Turn next();

  /// The transaction with the last turn has committed. Must not fail.
  void published();

  /// The transaction with the last turn was undone because Kafka refuses one of its records for
  /// ever, such as one that is too large. Must not fail, and must not offer that record again in
  /// the same form soon.
  ///
  /// @param index which record of the turn
  void refused(int index);

  /// Leads no more.
  void rest();

  /// How many wait to be published, as far as it knows.
  long waiting();

  /// How many are held back because Kafka refused them: somebody must look.
  long heldBack();
}
