package dev.slipway.sandbox.sandbox;

import static dev.slipway.sandbox.sandbox.Told.id;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.slipway.pipeline.avro.AvroRuntime;
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
                  : Optional.empty());

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
                    new SandboxOperation.Commit(id(3), "/home/user/site", "m", null))));
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
        new CreateBranch("/home/user/site", "slipway/1"),
        new CreateBranch("site", "x"),
        CommitChanges.newBuilder().setPath("/home/user/site").setMessage(" ").build(),
        new PushBranch("/home/../etc"),
        new LinkPullRequest(42L, 0L),
        new LinkPullRequest(0L, 7L),
        new ExtendSandbox(86_401),
        new TerminateSandbox(dev.slipway.schemas.sandbox.KillReason.ORPHAN));
  }

  @ParameterizedTest
  @MethodSource("outOfBounds")
  void valuesOutOfBoundsAreADeadLetter(Object body) {
    assertThatExceptionOfType(PermanentException.class).isThrownBy(() -> decode(KEY, body));
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
  void aRepositoryThatMayNotBeFetchedIsADeadLetter(String url) {
    assertThatExceptionOfType(PermanentException.class)
        .isThrownBy(() -> decode(KEY, CloneRepository.newBuilder().setRepositoryUrl(url).build()))
        .withMessageContaining("repository_url");
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
    var codec = new SandboxCommandCodec(misled(), (_, _) -> Optional.empty());

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
