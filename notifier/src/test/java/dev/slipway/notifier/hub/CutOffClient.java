package dev.slipway.notifier.hub;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.notifier.hub.SseClient.Frame;
import dev.slipway.notifier.hub.TestLog.Note;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/// A client whose connections end at random, on instances in turn, while events go on.
final class CutOffClient implements AutoCloseable {
  private final String tenant;
  private final Random random;
  private final List<TestNotifier> instances;
  private final ExecutorService publisher = Executors.newSingleThreadExecutor();
  private final List<Integer> seen = new ArrayList<>();
  private final AtomicBoolean enough = new AtomicBoolean();
  private final AtomicInteger published = new AtomicInteger();
  private String lastEventId = "";

  CutOffClient(String tenant, Random random, TestNotifier... instances) {
    this.tenant = tenant;
    this.random = random;
    this.instances = List.of(instances);
  }

  /// Is cut off so many times, and then sees everything exactly once, in order.
  void run(TestLog log, int cuts) {
    session(0); // before the first event: its cursor alone must do
    Future<?> publishing = publisher.submit(() -> publish(log));
    for (int i = 1; i < cuts; i++) {
      session(random.nextInt(8));
    }
    enough.set(true);
    try {
      publishing.get(60, TimeUnit.SECONDS);
    } catch (Exception e) { // of the publisher
      throw new IllegalStateException(e);
    }
    session(published.get() - seen.size());
    List<Integer> expected = new ArrayList<>();
    for (int i = 0; i < published.get(); i++) {
      expected.add(i);
    }
    assertThat(seen).isEqualTo(expected);
  }

  /// One connection that sees so many events, and then some that were on their way are lost.
  private void session(int events) {
    TestNotifier instance = instances.get(random.nextInt(instances.size()));
    try (SseClient client = instance.resume(tenant, "squad_id=red", lastEventId)) {
      int left = events;
      boolean begun = false;
      while (left > 0 || !begun) {
        Frame frame = client.next();
        if (frame == null) {
          return;
        }
        if (frame.event().equals("reset")) {
          throw new IllegalStateException(frame.data());
        }
        if (!frame.id().isEmpty()) {
          lastEventId = frame.id();
          begun = true;
        }
        if (frame.isEvent()) {
          seen.add(Integer.parseInt(SseClient.dataOf(frame)));
          left--;
        }
      }
    } catch (IOException _) {
      // cut off from the other side: goes on from its cursor
    }
  }

  private void publish(TestLog log) {
    Random sizes = new Random(1);
    while (!enough.get()) {
      List<Note> notes = new ArrayList<>();
      for (int i = sizes.nextInt(20); i >= 0; i--) {
        if (sizes.nextInt(3) == 0) {
          notes.add(new Note(tenant, List.of("/t/" + tenant + "/squads/blue"), "-1"));
        }
        String number = Integer.toString(published.getAndIncrement());
        notes.add(new Note(tenant, List.of("/t/" + tenant + "/squads/red"), number));
      }
      log.publish(notes);
      if (sizes.nextInt(10) == 0) {
        log.publishAndAbort(new Note(tenant, List.of("/t/" + tenant + "/squads/red"), "-2"));
      }
    }
  }

  @Override
  public void close() {
    enough.set(true);
    publisher.shutdownNow();
  }
}
