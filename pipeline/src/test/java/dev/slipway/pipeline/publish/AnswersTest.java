package dev.slipway.pipeline.publish;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.pipeline.publish.Outcome.NotificationRefused;
import dev.slipway.pipeline.publish.Outcome.NotificationsAway;
import dev.slipway.pipeline.publish.Outcome.RecordRefused;
import org.apache.kafka.clients.producer.Callback;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InvalidProducerEpochException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.apache.kafka.common.errors.TransactionAbortedException;
import org.junit.jupiter.api.Test;

class AnswersTest {
  private static final RecordMetadata PLACE =
      new RecordMetadata(new TopicPartition("topic", 0), 0, 0, 0, 0, 0);

  private final Answers answers = new Answers(3);

  @Test
  void aRecordThatIsTooLargeIsRefused() {
    taken(answers.ofRecord(0));
    failed(answers.ofRecord(1), new RecordTooLargeException());
    failed(answers.ofCheckpoint(), new TransactionAbortedException());

    assertThat(answers.outcome()).isEqualTo(new RecordRefused(1));
  }

  @Test
  void aNotificationThatIsTooLargeIsRefused() {
    failed(answers.ofNotification(3), new RecordTooLargeException());

    assertThat(answers.outcome()).isEqualTo(new NotificationRefused(3));
  }

  @Test
  void aCheckpointThatIsRefusedIsNobodyElsesFault() {
    failed(answers.ofCheckpoint(), new RecordTooLargeException());
    failed(answers.ofNotification(0), new TopicAuthorizationException("notifications"));

    assertThat(answers.outcome()).isNull();
  }

  @Test
  void notificationsThatAloneAreNotAnsweredAreAway() {
    var late = new TimeoutException();
    allTaken();
    failed(answers.ofNotification(0), late);

    assertThat(answers.outcome()).isEqualTo(new NotificationsAway(late));
  }

  @Test
  void notificationsThatAreNotAllowedAreAwayAtOnce() {
    var denied = new TopicAuthorizationException("notifications");
    failed(answers.ofNotification(0), denied);
    failed(answers.ofRecord(0), new TransactionAbortedException());

    assertThat(answers.outcome()).isEqualTo(new NotificationsAway(denied));
  }

  @Test
  void nobodyIsToBlameWhenNothingIsAnswered() {
    taken(answers.ofRecord(0));
    failed(answers.ofNotification(0), new TimeoutException());
    failed(answers.ofRecord(1), new TimeoutException());

    assertThat(answers.outcome()).isNull();
  }

  @Test
  void aFormerLeaderLearnsNothingAboutNotifications() {
    allTaken();
    failed(answers.ofNotification(0), new InvalidProducerEpochException("old"));

    assertThat(answers.outcome()).isNull();
  }

  private void allTaken() {
    taken(answers.ofRecord(0));
    taken(answers.ofRecord(1));
    taken(answers.ofCheckpoint());
  }

  private static void taken(Callback callback) {
    callback.onCompletion(PLACE, null);
  }

  private static void failed(Callback callback, Exception failure) {
    callback.onCompletion(PLACE, failure);
  }
}
