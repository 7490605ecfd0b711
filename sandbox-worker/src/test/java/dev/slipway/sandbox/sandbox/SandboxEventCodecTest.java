package dev.slipway.sandbox.sandbox;

import static dev.slipway.sandbox.sandbox.Told.CONTEXT;
import static dev.slipway.sandbox.sandbox.Told.CREATION;
import static dev.slipway.sandbox.sandbox.Told.SPEC;
import static dev.slipway.sandbox.sandbox.Told.id;
import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.pipeline.avro.AvroRuntime;
import dev.slipway.pipeline.core.AggregateId;
import dev.slipway.pipeline.kafka.CloudEvent;
import dev.slipway.pipeline.stage.EventDecoder.Recorded;
import dev.slipway.sandbox.sandbox.SandboxOperation.Kind;
import dev.slipway.sandbox.sandbox.SandboxState.Place;
import dev.slipway.schemas.sandbox.SandboxCommand;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Rows are what records say: whatever an event holds, its record must give back.
class SandboxEventCodecTest {
  private static final AggregateId ID = new AggregateId("acme", id(42).toString());
  private static final SandboxFailure FAILURE = new SandboxFailure("timeout", "Too slow.", true);
  private static final SandboxEventCodec CODEC =
      new SandboxEventCodec(
          Records.serializer(dev.slipway.schemas.sandbox.SandboxEvent.class),
          Records.serializer(SandboxCommand.class),
          "events",
          "commands");
  private static final SandboxRecordCodec DECODER =
      new SandboxRecordCodec(Records.deserializer(dev.slipway.schemas.sandbox.SandboxEvent.class));

  @BeforeAll
  static void prepare() {
    AvroRuntime.prepare();
  }

  static List<SandboxEvent> events() {
    return List.of(
        new SandboxEvent.Requested(CREATION, SPEC, CONTEXT),
        new SandboxEvent.Created(new Place("e2b", "ext-1")),
        new SandboxEvent.Running(),
        new SandboxEvent.Paused(),
        new SandboxEvent.Resumed(),
        new SandboxEvent.WasReset(new Place("e2b", "ext-3")),
        new SandboxEvent.Extended(Duration.ofHours(2)),
        new SandboxEvent.Terminating(KillReason.TASK_FINISHED),
        new SandboxEvent.Terminated(KillReason.PROVIDER_GONE),
        new SandboxEvent.Failed(FAILURE),
        new SandboxEvent.Condemned("ext-2"),
        new SandboxEvent.Rejected(id(3), "conflict", "Taken."),
        new SandboxEvent.OperationRequested(id(3), Kind.RUN_COMMAND, "make"),
        new SandboxEvent.OperationRequested(id(3), Kind.PAUSE, null),
        new SandboxEvent.OperationEnded(id(3), Kind.EXTEND, null, false),
        new SandboxEvent.OperationEnded(id(3), Kind.RESET, FAILURE, true),
        new SandboxEvent.CommandStarted(id(3), "make"),
        new SandboxEvent.CommandCompleted(
            id(3), new CommandResult(1, null, 3, 4, true, 20, "no rule to make ä"), null, false),
        new SandboxEvent.CommandCompleted(
            id(3), new CommandResult(null, "KILL", 3, 4, true, 20, null), FAILURE, true),
        new SandboxEvent.CommandCompleted(id(3), null, null, true),
        new SandboxEvent.GitDone(id(3), Told.CLONED),
        new SandboxEvent.GitDone(id(3), new GitResult.BranchCreated("/home/user/site", "x", "1")),
        new SandboxEvent.GitDone(
            id(3), new GitResult.Committed("/home/user/site", Told.COMMIT, 2, null)),
        new SandboxEvent.GitDone(
            id(3), new GitResult.Committed("/home/user/site", Told.COMMIT, 2, "+\u00ff\u0000\n")),
        new SandboxEvent.GitDone(id(3), new GitResult.Pushed("/home/user/site", "x", "2")),
        new SandboxEvent.GitFailed(id(3), Kind.PUSH, FAILURE),
        new SandboxEvent.Linked(new PullRequestLink(42, 7)));
  }

  @ParameterizedTest
  @MethodSource("events")
  void aRecordGivesItsEventBack(SandboxEvent event) {
    SandboxState before = Told.running().state();
    var numbered = Told.numbered(event, 5);
    SandboxState after = new SandboxDecider().evolve(before, numbered);

    byte[] value = CODEC.encode(ID, after, numbered);

    var record =
        new ConsumerRecord<>("events", 0, 0, ID.key().getBytes(StandardCharsets.UTF_8), value);
    var envelope =
        new CloudEvent(
            id(77), CODEC.type(event), CODEC.source(), numbered.at(), ID.key(), 4L, null);
    assertThat(DECODER.decode(record, envelope)).contains(new Recorded<>(ID, event, id(77)));
  }

  @Test
  void everyKindOfEventHasATypeOfItsOwnAndACaseHere() {
    List<Class<?>> kinds = Stream.of(SandboxEvent.class.getPermittedSubclasses()).toList();

    assertThat(events().stream().<Class<?>>map(Object::getClass).distinct())
        .containsExactlyInAnyOrderElementsOf(kinds);
    assertThat(new HashSet<>(events().stream().map(CODEC::type).toList()))
        .hasSize(kinds.size() - 1 + GitResult.class.getPermittedSubclasses().length);
  }

  static Stream<SandboxOperation> operations() {
    return Stream.of(
        new SandboxOperation.CreateSandbox(CREATION, SPEC, CONTEXT),
        new SandboxOperation.RunCommand(id(3), Told.COMMAND),
        new SandboxOperation.Pause(id(3)),
        new SandboxOperation.Resume(id(3)),
        new SandboxOperation.Reset(id(3)),
        new SandboxOperation.Extend(id(3), Duration.ofSeconds(90)),
        new SandboxOperation.Clone(
            id(3), "/home/user/site", "https://github.com/acme/site", null, 1, true, false),
        new SandboxOperation.Branch(id(3), "/home/user/site", "x"),
        new SandboxOperation.Commit(
            id(3), "/home/user/site", "m", new GitAuthor("Ann", "ann@example.org"), null),
        new SandboxOperation.Commit(id(3), "/home/user/site", "m", null, Told.START),
        new SandboxOperation.Push(id(3), "/home/user/site"),
        new SandboxOperation.Terminate("ext-1"));
  }

  @ParameterizedTest
  @MethodSource("operations")
  void aWorkerReadsTheOperationThatWasAskedFor(SandboxOperation operation) {
    var codec = new SandboxOperationCodec();

    assertThat(SandboxJson.operation(Kind.of(codec.kind(operation)), codec.encode(operation)))
        .isEqualTo(operation);
  }
}
