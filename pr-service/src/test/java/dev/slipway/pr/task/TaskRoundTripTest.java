package dev.slipway.pr.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.quicktheories.QuickTheory.qt;
import static org.quicktheories.generators.SourceDSL.booleans;
import static org.quicktheories.generators.SourceDSL.longs;
import static org.quicktheories.generators.SourceDSL.strings;

import dev.slipway.pipeline.avro.AvroRuntime;
import dev.slipway.pipeline.core.AggregateId;
import dev.slipway.pipeline.core.Numbered;
import dev.slipway.pr.task.TaskSpec.PullRequestTexts;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/// Nothing of a task is lost on its way through records and rows.
class TaskRoundTripTest {
  private static final UUID ID = new UUID(3, 4);

  static {
    AvroRuntime.prepare();
  }

  private static final TaskEventCodec CODEC =
      new TaskEventCodec((_, event) -> bytes(event), (_, _) -> new byte[0], "events", "commands");

  private static byte[] bytes(dev.slipway.schemas.task.TaskEvent event) {
    try {
      ByteBuffer encoded = event.toByteBuffer();
      byte[] bytes = new byte[encoded.remaining()];
      encoded.get(bytes);
      return bytes;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// One of each kind, and of those with something that may be null one without.
  private static List<TaskEvent> events(String text, long number, boolean isGiven) {
    String orNull = isGiven ? text : null;
    UUID idOrNull = isGiven ? ID : null;
    var failure = new TaskFailure("code", text, isGiven);
    var pullRequest =
        new TaskPullRequest(
            number, text, isGiven ? TaskPullRequest.State.MERGED : TaskPullRequest.State.OPEN);
    var texts = new PullRequestTexts(orNull, text, isGiven);
    String patch = Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    return List.of(
        new TaskEvent.Created(Story.TASK, ID, spec(text, orNull, isGiven), owner(text, isGiven)),
        new TaskEvent.Assigned(idOrNull, orNull),
        new TaskEvent.Retried(ID),
        new TaskEvent.AttemptBegun(2, text, idOrNull),
        new TaskEvent.RepositoryRead(new TaskState.Repository(number, text, text, orNull, number)),
        new TaskEvent.BranchAdopted(text),
        new TaskEvent.SandboxAsked(ID),
        new TaskEvent.SandboxReady(),
        new TaskEvent.Cloned(text, text, text),
        new TaskEvent.BranchMade(),
        new TaskEvent.CommandEnded(0),
        new TaskEvent.Committed(text, text, text, 3, isGiven ? patch : null),
        new TaskEvent.Pushed(text),
        new TaskEvent.OpeningAsked(
            ID, text, isGiven ? texts : null, orNull, isGiven ? List.of(text) : null),
        new TaskEvent.AttemptFailed(failure, Duration.ofMillis(number)),
        new TaskEvent.InReview(pullRequest, isGiven),
        new TaskEvent.PullRequestChanged(pullRequest),
        new TaskEvent.PullRequestLookedAt(),
        new TaskEvent.StrayFound(number),
        new TaskEvent.StrayClosed(number, isGiven ? failure : null),
        new TaskEvent.Done(text, pullRequest),
        new TaskEvent.Failed(failure),
        new TaskEvent.Cancelled(idOrNull),
        new TaskEvent.Closed(pullRequest),
        new TaskEvent.Rejected(ID, text, text));
  }

  private static TaskOwner owner(String text, boolean isGiven) {
    return isGiven ? new TaskOwner(text, text, text, text, ID.toString()) : TaskOwner.NONE;
  }

  private static TaskSpec spec(String text, @Nullable String orNull, boolean isGiven) {
    return new TaskSpec(
        text,
        orNull,
        "https://github.test/acme/site",
        isGiven
            ? new Runner.Cli(text, Map.of("NAME", text), orNull, Runner.PromptVia.FILE)
            : new Runner.Commands(List.of(text, "b")),
        orNull,
        text,
        60,
        isGiven ? 30 : null,
        List.of(text),
        new PullRequestTexts(orNull, orNull, isGiven));
  }

  @Test
  void everyKindOfEventIsAmongThem() {
    assertThat(events("a", 1, true))
        .extracting(Object::getClass)
        .containsExactlyInAnyOrderElementsOf(
            Stream.of(TaskEvent.class.getPermittedSubclasses()).toList());
  }

  @Test
  void eventsAreReadFromTheirRecordsAsTheyWere() {
    qt().withExamples(300)
        .forAll(
            strings().allPossible().ofLengthBetween(0, 40),
            longs().between(0, 1L << 50),
            booleans().all())
        .checkAssert((given, number, isGiven) -> {
          String text = storable(given);
          for (TaskEvent event : events(text, number, isGiven)) {
            assertThat(read(after(event), event)).isEqualTo(event);
          }
        });
  }

  @Test
  void statesAreReadFromTheirRowsAsTheyWere() {
    qt().withExamples(300)
        .forAll(
            strings().allPossible().ofLengthBetween(0, 40),
            longs().between(0, 1L << 50),
            booleans().all())
        .checkAssert((given, number, isGiven) -> {
          String text = storable(given);
          TaskState state = Story.opening().state();
          for (TaskEvent event : events(text, number, isGiven)) {
            TaskState after = after(event);
            assertThat(TaskJson.state(TaskJson.write(after))).isEqualTo(after);
            state = evolved(state, event);
            assertThat(TaskJson.state(TaskJson.write(state))).isEqualTo(state);
          }
        });
  }

  /// UTF-8 has no half of a pair.
  private static String storable(String text) {
    return new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8);
  }

  private static TaskState after(TaskEvent event) {
    return evolved(Story.opening().state(), event);
  }

  private static TaskState evolved(TaskState state, TaskEvent event) {
    return Story.DECIDER.evolve(state, new Numbered<>(event, ID, 1, Story.AT, ID));
  }

  private static TaskEvent read(TaskState after, TaskEvent event) {
    byte[] written =
        CODEC.encode(
            new AggregateId("default", Story.TASK.toString()),
            after,
            new Numbered<>(event, ID, 1, Story.AT, ID));
    try {
      return TaskRecordCodec.event(
          Story.TASK, dev.slipway.schemas.task.TaskEvent.fromByteBuffer(ByteBuffer.wrap(written)));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
