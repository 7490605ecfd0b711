package dev.slipway.locale2b.envd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class MailboxTest {
  private static final Duration AT_ONCE = Duration.ZERO;

  private final Mailbox<String> mailbox = new Mailbox<>(1);

  @Test
  void whatIsPutIsReadInOrder() throws InterruptedException {
    mailbox.put("a");

    assertThat(mailbox.poll(AT_ONCE)).contains("a");
    assertThat(mailbox.poll(AT_ONCE)).isEmpty();
  }

  @Test
  void aFullOneMakesItsWriterWaitUntilItIsReadOrClosed() throws InterruptedException {
    mailbox.put("a");
    Thread writer = writer("b", "c");
    await().until(() -> writer.getState() == Thread.State.WAITING);

    assertThat(mailbox.poll(AT_ONCE)).contains("a");
    assertThat(mailbox.poll(Duration.ofSeconds(10))).contains("b");
    await().until(() -> writer.getState() != Thread.State.RUNNABLE);
    mailbox.close();

    writer.join();
    assertThat(mailbox.poll(AT_ONCE)).isEmpty();
  }

  @Test
  void theLastWordTakesThePlaceOfAllThatWaits() throws InterruptedException {
    mailbox.put("a");

    mailbox.replaceAll("gone");

    assertThat(mailbox.poll(AT_ONCE)).contains("gone");
    assertThat(mailbox.poll(AT_ONCE)).isEmpty();
  }

  private Thread writer(String... items) {
    return Thread.ofPlatform()
        .start(() -> {
          try {
            for (String item : items) {
              mailbox.put(item);
            }
          } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
          }
        });
  }
}
