package dev.slipway.sandbox.sandbox;

import static dev.slipway.sandbox.sandbox.Told.id;
import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.pipeline.avro.AvroRuntime;
import dev.slipway.pipeline.core.AggregateId;
import dev.slipway.pipeline.core.Numbered;
import dev.slipway.pipeline.kafka.CloudEvent;
import dev.slipway.pipeline.live.PublicEvent;
import dev.slipway.schemas.Topics;
import dev.slipway.schemas.sandbox.SandboxCommand;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class SandboxNotificationCodecTest {
  private static final AggregateId ID = new AggregateId("acme", id(42).toString());
  private static final SandboxEventCodec CODEC =
      new SandboxEventCodec(
          Records.serializer(dev.slipway.schemas.sandbox.SandboxEvent.class),
          Records.serializer(SandboxCommand.class),
          "events",
          "commands");
  private static final SandboxNotificationCodec RENDERER =
      new SandboxNotificationCodec(
          Records.deserializer(dev.slipway.schemas.sandbox.SandboxEvent.class));

  @BeforeAll
  static void prepare() {
    AvroRuntime.prepare();
  }

  @Test
  void anEndIsToldOnEveryTopicOfItsContext() {
    PublicEvent event =
        render(Told.running().state(), new SandboxEvent.Terminated(KillReason.PROVIDER_GONE))
            .orElseThrow();

    assertThat(event.type()).isEqualTo("sandbox.terminated");
    assertThat(event.topics())
        .containsExactlyInAnyOrder(
            "/t/acme/tasks/" + id(91), "/t/acme/executions/e-1", "/t/acme/sandboxes/" + ID.key());
    assertThat(text(event))
        .endsWith(
            """
            "data":{"sandbox_id":"%s","state":"TERMINATED","kill_reason":"provider_gone","runtime_seconds":8.0,\
            "failure":null}}\
            """
                .formatted(ID.key()));
  }

  @Test
  void aFailureIsToldWithItsTime() {
    PublicEvent event =
        render(
                Told.of(Told.CREATE).state(),
                new SandboxEvent.Failed(new SandboxFailure("timeout", "Slow.", true)))
            .orElseThrow();

    assertThat(text(event))
        .contains(
            """
            "kill_reason":"start_failed","runtime_seconds":0.0,\
            "failure":{"code":"timeout","message":"Slow.","retryable":true,"at":"2026-01-02T03:04:14.000Z"}\
            """);
  }

  @Test
  void aCommandIsToldFromItsBeginningToItsEnd() {
    SandboxState state = Told.running().state();
    var result = new CommandResult(2, null, 3, 4, true, 20, "what it printed");

    assertThat(text(render(state, new SandboxEvent.CommandStarted(id(3), "make")).orElseThrow()))
        .contains(
            """
            "data":{"operation_id":"%s","sandbox_id":"%s","command":"make"}\
            """
                .formatted(id(3), ID.key()));
    assertThat(
            text(
                render(state, new SandboxEvent.CommandCompleted(id(3), result, null, false))
                    .orElseThrow()))
        .contains(
            """
            "exit_code":2,"signal":null,"duration_ms":20,"truncated":true,"cancelled":false,"failure":null}\
            """);
  }

  @Test
  void workOnARepositoryIsToldWithWhatCameOfIt() {
    SandboxState state = Told.running().state();

    assertThat(text(render(state, new SandboxEvent.GitDone(id(3), Told.CLONED)).orElseThrow()))
        .contains(
            """
            "data":{"operation_id":"%s","result":{"path":"/home/user/site","branch":"main","head_sha":"0a1"},\
            "failure":null}\
            """
                .formatted(id(3)));
    var committed = new GitResult.Committed("/home/user/site", Told.COMMIT, 2, "a patch");
    assertThat(text(render(state, new SandboxEvent.GitDone(id(3), committed)).orElseThrow()))
        .contains(
            """
            "result":{"sha":"0c1","files_changed":2},"failure":null}\
            """);
    var failure = new SandboxFailure("protected_branch", "Make another.", false);
    PublicEvent failed =
        render(state, new SandboxEvent.GitFailed(id(3), SandboxOperation.Kind.PUSH, failure))
            .orElseThrow();
    assertThat(failed.type()).isEqualTo("git.failed");
    assertThat(text(failed))
        .contains(
            """
            "result":null,"failure":{"code":"protected_branch","message":"Make another.","retryable":false,\
            """);
  }

  static Stream<SandboxEvent> ours() {
    return Stream.of(
        new SandboxEvent.WasReset(new SandboxState.Place("e2b", "ext-3")),
        new SandboxEvent.Extended(Duration.ofHours(1)),
        new SandboxEvent.Condemned("ext-2"),
        new SandboxEvent.Rejected(id(3), "conflict", "Taken."),
        new SandboxEvent.OperationRequested(id(3), SandboxOperation.Kind.PAUSE, null),
        new SandboxEvent.OperationEnded(id(3), SandboxOperation.Kind.PAUSE, null, false));
  }

  @ParameterizedTest
  @MethodSource("ours")
  void someEventsAreNoneOfThePublics(SandboxEvent event) {
    assertThat(render(Told.running().state(), event)).isEmpty();
  }

  @Test
  void recordsOfOtherTopicsAreNot() {
    assertThat(
            RENDERER.render(
                Topics.SANDBOX_COMMANDS.name(), "acme", envelope("sandbox.running"), new byte[0]))
        .isEmpty();
  }

  private static Optional<PublicEvent> render(SandboxState before, SandboxEvent event) {
    Numbered<SandboxEvent> numbered = Told.numbered(event, 9);
    SandboxState after = new SandboxDecider().evolve(before, numbered);
    return RENDERER.render(
        Topics.SANDBOX_EVENTS.name(),
        "acme",
        envelope(CODEC.type(event)),
        CODEC.encode(ID, after, numbered));
  }

  private static CloudEvent envelope(String type) {
    return new CloudEvent(id(77), type, "test", Told.START.plusSeconds(9), ID.key(), 4L, null);
  }

  private static String text(PublicEvent event) {
    return new String(event.json(), StandardCharsets.UTF_8);
  }
}
