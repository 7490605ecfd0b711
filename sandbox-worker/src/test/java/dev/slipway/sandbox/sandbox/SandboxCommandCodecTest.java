package dev.slipway.sandbox.sandbox;

import static dev.slipway.sandbox.sandbox.Told.id;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.slipway.pipeline.avro.AvroRuntime;
import dev.slipway.pipeline.core.BranchPrefix;
import dev.slipway.pipeline.error.PermanentException;
import dev.slipway.pipeline.kafka.CloudEvent;
import dev.slipway.pipeline.stage.Input;
import dev.slipway.schemas.context.Context;
import dev.slipway.schemas.sandbox.CancelOperation;
import dev.slipway.schemas.sandbox.CloneRepository;
import dev.slipway.schemas.sandbox.CommitChanges;
import dev.slipway.schemas.sandbox.CreateBranch;
import dev.slipway.schemas.sandbox.CreateSandbox;
import dev.slipway.schemas.sandbox.ExtendSandbox;
import dev.slipway.schemas.sandbox.LinkPullRequest;
import dev.slipway.schemas.sandbox.PauseSandbox;
import dev.slipway.schemas.sandbox.PushBranch;
import dev.slipway.schemas.sandbox.RunCommand;
import dev.slipway.schemas.sandbox.SandboxCommand;
import dev.slipway.schemas.sandbox.TerminateSandbox;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class SandboxCommandCodecTest {
  private static final String KEY = id(42).toString();
  private static final SandboxCommandCodec CODEC =
      new SandboxCommandCodec(
          Records.deserializer(SandboxCommand.class),
          (tenant, url) ->
              url.host().equals("evil.example") || url.owner().equals("not-of-" + tenant)
                  ? Optional.of("it may not be fetched")
                  : Optional.empty(),
          new BranchPrefix("slipway/"));

  @BeforeAll
  static void prepare() {
    AvroRuntime.prepare();
  }

  @Test
  void whatIsLeftOutHasItsDefault() {
    assertThat(decode(KEY, CreateSandbox.newBuilder().build()))
        .contains(
            Input.to(
                "acme",
                KEY,
                new SandboxInput.Create(
                    id(3),
                    new SandboxSpec(
                        "base", Duration.ofMinutes(5), Map.of(), Map.of(), Network.ON, null, null),
                    new SandboxContext("alice", null, "e-1", null, null, null))));
    assertThat(decode(KEY, RunCommand.newBuilder().setCommand("make").build()))
        .contains(Input.to("acme", KEY, new SandboxInput.RunCommand(id(3), Told.COMMAND)));
    assertThat(
            decode(
                KEY,
                CloneRepository.newBuilder()
                    .setRepositoryUrl("https://GitHub.com/acme/site.git/")
                    .build()))
        .contains(
            Input.to(
                "acme",
                KEY,
                new SandboxInput.Work(
                    new SandboxOperation.Clone(
                        id(3),
                        "/home/user/site",
                        "https://github.com/acme/site",
                        null,
                        1,
                        false,
                        false))));
    assertThat(
            decode(
                KEY, CommitChanges.newBuilder().setPath("/home/user/site").setMessage("m").build()))
        .contains(
            Input.to(
                "acme",
                KEY,
                new SandboxInput.Work(
                    new SandboxOperation.Commit(id(3), "/home/user/site", "m", null, null))));
    assertThat(decode(KEY, new LinkPullRequest(42L, 7L)))
        .contains(Input.to("acme", KEY, new SandboxInput.Link(id(3), new PullRequestLink(42, 7))));
    assertThat(decode(KEY, TerminateSandbox.newBuilder().build()))
        .contains(Input.to("acme", KEY, new SandboxInput.Terminate(id(3), KillReason.REQUESTED)));
  }

  @Test
  void aKeyInCapitalsIsTheSameSandbox() {
    assertThat(decode("0000000A-0000-7000-8000-00000000000B", new PauseSandbox()))
        .contains(
            Input.to(
                "acme", "0000000a-0000-7000-8000-00000000000b", new SandboxInput.Pause(id(3))));
  }

  @Test
  void itsTypeInTheHeadersIsForPeople() {
    assertThat(decode(KEY, new CancelOperation(id(9))))
        .contains(Input.to("acme", KEY, new SandboxInput.Cancel(id(3), id(9))));
  }

  static Stream<Object> outOfBounds() {
    return Stream.of(
        CreateSandbox.newBuilder().setTimeoutSeconds(0).build(),
        CreateSandbox.newBuilder().setName("No Label").build(),
        CreateSandbox.newBuilder().setEnvironment(Map.of("A", "secret://env/PATH")).build(),
        RunCommand.newBuilder().build(),
        RunCommand.newBuilder().setCommand("a").setArgv(List.of("a")).build(),
        CloneRepository.newBuilder().setRepositoryUrl("ext::sh -c id").build(),
        CloneRepository.newBuilder().setRepositoryUrl("https://github.com/acme/..").build(),
        new CreateBranch("site", "x"),
        new CreateBranch("site", "slipway/1"),
        new CreateBranch("/home/user/site", "slipway/..1"),
        CommitChanges.newBuilder().setPath("/home/user/site").setMessage(" ").build(),
        new PushBranch("/home/../etc"),
        new ExtendSandbox(86_401),
        commitAt("2000-12-31T23:59:59Z"),
        commitAt("2100-01-01T00:00:00Z"),
        commitAt("2026-01-01T00:00:00.500Z"));
  }

  private static CommitChanges commitAt(String at) {
    return CommitChanges.newBuilder()
        .setPath("/home/user/site")
        .setMessage("m")
        .setCommittedAt(Instant.parse(at))
        .build();
  }

  @ParameterizedTest
  @MethodSource("outOfBounds")
  void valuesOutOfBoundsAreRefusedUnderTheCommandsId(Object body) {
    assertThat(decode(KEY, body)).map(Input::value).containsInstanceOf(SandboxInput.Refused.class);
    assertThat(refusal(body).operation()).isEqualTo(id(3));
  }

  private static SandboxInput.Refused refusal(Object body) {
    return (SandboxInput.Refused) decode(KEY, body).orElseThrow().value();
  }

  @ParameterizedTest
  @MethodSource("unreadable")
  void whatCannotBeIsADeadLetter(Object body) {
    assertThatExceptionOfType(PermanentException.class).isThrownBy(() -> decode(KEY, body));
  }

  static Stream<Object> unreadable() {
    return Stream.of(
        new LinkPullRequest(42L, 0L),
        new LinkPullRequest(0L, 7L),
        new TerminateSandbox(dev.slipway.schemas.sandbox.KillReason.ORPHAN));
  }

  @Test
  void aBranchBelowThePrefixIsOfTheTaskThatItNames() {
    assertThat(decode(KEY, new CreateBranch("/home/user/site", "slipway/1")))
        .contains(
            Input.to(
                "acme",
                KEY,
                new SandboxInput.TaskBranch(
                    new SandboxOperation.Branch(id(3), "/home/user/site", "slipway/1"), "1")));
    assertThat(decode(KEY, new CreateBranch("/home/user/site", "slipways/1")))
        .contains(
            Input.to(
                "acme",
                KEY,
                new SandboxInput.Work(
                    new SandboxOperation.Branch(id(3), "/home/user/site", "slipways/1"))));
  }

  @Test
  void aCommitHasTheDateThatItIsGiven() {
    assertThat(decode(KEY, commitAt("2026-01-02T03:04:05Z")))
        .contains(
            Input.to(
                "acme",
                KEY,
                new SandboxInput.Work(
                    new SandboxOperation.Commit(
                        id(3),
                        "/home/user/site",
                        "m",
                        null,
                        Instant.parse("2026-01-02T03:04:05Z")))));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "https://evil.example/acme/site",
        "https://github.com/not-of-acme/site",
        "ext::sh -c id",
        "https://user:secret@github.com/acme/site",
        "https://github.com"
      })
  void aRepositoryThatMayNotBeFetchedIsRefused(String url) {
    assertThat(refusal(CloneRepository.newBuilder().setRepositoryUrl(url).build()).message())
        .startsWith("repository_url: ")
        .doesNotContain("secret");
  }

  @Test
  void aKeyThatIsNoIdIsADeadLetter() {
    assertThatExceptionOfType(PermanentException.class)
        .isThrownBy(() -> decode("1-1-1-1-1", new PauseSandbox()))
        .withMessageContaining("key");
    assertThatExceptionOfType(PermanentException.class)
        .isThrownBy(() -> decode(null, new PauseSandbox()));
  }

  @Test
  void aRecordOfAnotherTopicIsADeadLetter() {
    var codec =
        new SandboxCommandCodec(misled(), (_, _) -> Optional.empty(), new BranchPrefix("x/"));

    assertThatExceptionOfType(PermanentException.class)
        .isThrownBy(() -> codec.decode(record(KEY, new byte[] {1}), envelope()))
        .withMessageContaining("no command");
  }

  /// The bytes name their class, whatever is expected.
  @SuppressWarnings("unchecked")
  private static org.apache.kafka.common.serialization.Deserializer<SandboxCommand> misled() {
    return (org.apache.kafka.common.serialization.Deserializer<SandboxCommand>)
        (org.apache.kafka.common.serialization.Deserializer<?>)
            (org.apache.kafka.common.serialization.Deserializer<Object>)
                (_, _) -> new PauseSandbox();
  }

  private static Optional<Input<SandboxInput>> decode(@Nullable String key, Object body) {
    var context =
        Context.newBuilder().setTenant("acme").setUserId("alice").setExecutionId("e-1").build();
    byte[] value =
        Records.serializer(SandboxCommand.class)
            .serialize("commands", new SandboxCommand(context, body));
    return CODEC.decode(record(key, value), envelope());
  }

  private static ConsumerRecord<byte[], byte[]> record(@Nullable String key, byte[] value) {
    return new ConsumerRecord<>(
        "commands", 0, 0, key == null ? null : key.getBytes(StandardCharsets.UTF_8), value);
  }

  private static CloudEvent envelope() {
    return new CloudEvent(id(3), "CreateSandbox", "test", Told.START, null, null, null);
  }
}
