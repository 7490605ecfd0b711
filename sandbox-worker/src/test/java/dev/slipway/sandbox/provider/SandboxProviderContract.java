package dev.slipway.sandbox.provider;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.awaitility.Awaitility.await;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/// What every provider of sandboxes does. The tests share a sandbox, except those that end one.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
public abstract class SandboxProviderContract {
  private static final ExternalId NOBODY = new ExternalId("i0000000000nobody0000");
  private static final Duration LIFETIME = Duration.ofMinutes(5);
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final long NO_PID = 4_000_000;

  private final String run = UUID.randomUUID().toString();
  private final List<ProviderSandbox> made = Collections.synchronizedList(new ArrayList<>());
  private SandboxProvider provider;
  private ProviderSandbox shared;
  private SandboxSession session;

  /// The provider under test. Called once.
  protected abstract SandboxProvider provider() throws Exception;

  /// Ends what the provider speaks to, if that was started for these tests.
  protected void stopServer() {}

  @BeforeAll
  void makeSandbox() throws Exception {
    provider = provider();
    shared = make("shared");
    session = provider.open(shared);
  }

  @AfterAll
  void endSandboxes() throws Exception {
    made.forEach(sandbox -> provider.kill(sandbox.id()));
    if (provider instanceof AutoCloseable open) {
      open.close();
    }
    stopServer();
  }

  private ProviderSandbox make(String name) {
    ProviderSandbox sandbox =
        provider.create(
            new CreateRequest(
                "base",
                LIFETIME,
                Map.of("slipway-test", run, "name", name),
                Map.of("GREETING", "hello"),
                new NetworkAccess.Off()));
    made.add(sandbox);
    return sandbox;
  }

  @Test
  void aSandboxIsFoundByItsIdAndListedByItsTags() {
    SandboxDetail found = provider.find(shared.id()).orElseThrow();

    assertThat(found.sandbox().id()).isEqualTo(shared.id());
    assertThat(found.sandbox().accessToken()).isEqualTo(shared.accessToken());
    assertThat(found.seen().state()).isEqualTo(ListedSandbox.State.RUNNING);
    assertThat(found.seen().metadata()).containsEntry("name", "shared");
    assertThat(found.seen().startedAt()).isBefore(found.seen().endAt());
    assertThat(provider.list(Map.of("slipway-test", run, "name", "shared")))
        .extracting(ListedSandbox::id)
        .containsExactly(shared.id());
    assertThat(provider.list(Map.of("slipway-test", run, "name", "other"))).isEmpty();
  }

  @Test
  void aSandboxIsKilledOnceAndLostFromThenOn() {
    ProviderSandbox sandbox = make("killed");
    SandboxSession inside = provider.open(sandbox);
    ProcessStream running = inside.start(Command.of("sleep", "300"));

    assertThat(provider.kill(sandbox.id())).isTrue();
    assertThat(provider.kill(sandbox.id())).isFalse();

    assertThat(provider.find(sandbox.id())).isEmpty();
    assertThat(provider.list(Map.of("slipway-test", run, "name", "killed"))).isEmpty();
    assertThat(failure(running::next).code()).isEqualTo(FailureCode.SANDBOX_LOST);
    assertThat(failure(() -> inside.start(Command.of("true"))).code())
        .isEqualTo(FailureCode.SANDBOX_LOST);
    assertThat(failure(() -> inside.stat(".")).code()).isEqualTo(FailureCode.SANDBOX_LOST);
    assertThat(failure(() -> inside.read("x", ByteRange.ALL)).code())
        .isEqualTo(FailureCode.SANDBOX_LOST);
    assertThat(inside.isAlive()).isFalse();
  }

  @Test
  void aSandboxThatNeverWasIsNotFound() {
    assertThat(provider.find(NOBODY)).isEmpty();
    assertThat(provider.kill(NOBODY)).isFalse();
    List<ThrowingCallable> calls =
        List.of(
            () -> provider.extend(NOBODY, LIFETIME),
            () -> provider.pause(NOBODY),
            () -> provider.resume(NOBODY, LIFETIME),
            () -> provider.network(NOBODY, new NetworkAccess.Off()));
    for (ThrowingCallable call : calls) {
      assertThat(failure(call).code()).isEqualTo(FailureCode.NOT_FOUND);
    }
  }

  @Test
  void aTemplateThatIsNotThereMakesNoSandbox() {
    var request =
        new CreateRequest("no-such-template", LIFETIME, Map.of(), Map.of(), new NetworkAccess.On());

    ProviderFailure failure = failure(() -> provider.create(request));

    assertThat(failure.code()).isEqualTo(FailureCode.NOT_FOUND);
    assertThat(failure.mayHaveHappened()).isFalse();
  }

  @Test
  void anEndMovesBothWays() {
    Instant before = provider.find(shared.id()).orElseThrow().seen().endAt();

    provider.extend(shared.id(), LIFETIME.plusMinutes(5));
    Instant later = provider.find(shared.id()).orElseThrow().seen().endAt();
    provider.extend(shared.id(), LIFETIME);
    Instant nearer = provider.find(shared.id()).orElseThrow().seen().endAt();

    assertThat(later).isAfter(before).isAfter(nearer);
  }

  @Test
  void aPausedSandboxKeepsItsFilesAndWakes() throws IOException {
    ProviderSandbox sandbox = make("paused");
    SandboxSession inside = provider.open(sandbox);
    write(inside, "kept", "k");

    assertThat(provider.pause(sandbox.id())).isTrue();
    assertThat(provider.pause(sandbox.id())).isFalse();
    ListedSandbox.State paused = provider.find(sandbox.id()).orElseThrow().seen().state();
    boolean isAlive = inside.isAlive();
    ProviderSandbox resumed = provider.resume(sandbox.id(), LIFETIME);

    assertThat(paused).isEqualTo(ListedSandbox.State.PAUSED);
    assertThat(isAlive).isFalse();
    assertThat(resumed.id()).isEqualTo(sandbox.id());
    SandboxSession again = provider.open(resumed);
    assertThat(again.isAlive()).isTrue();
    assertThat(read(again, "kept", ByteRange.ALL)).contains("k");
  }

  @Test
  void aMeasurementIsTakenSoonerOrLater() {
    await()
        .atMost(PATIENCE)
        .untilAsserted(() ->
            assertThat(provider.metrics(shared.id()))
                .hasValueSatisfying(metrics -> {
                  assertThat(metrics.cpuCount()).isPositive();
                  assertThat(metrics.memoryTotalBytes()).isPositive();
                }));
  }

  @Test
  void aCommandPrintsOnTwoChannelsAndExits() {
    Ran ran = ran(Command.shell("echo out; echo err >&2; exit 3"));

    assertThat(ran).isEqualTo(new Ran("out\n", "err\n", new ProcessExit.Code(3)));
  }

  @Test
  void aCommandHasItsEnvironmentAndItsDirectory() {
    Command command =
        Command.shell("echo $GREETING $NAME $PWD").withEnvironment(Map.of("NAME", "you"));

    assertThat(ran(command.in("/tmp")).stdout()).isEqualTo("hello you /tmp\n");
  }

  @Test
  void aCommandThatCannotRunIsRefused() {
    assertThat(failure(() -> session.start(Command.of("true").in("/no/such/place"))).code())
        .isEqualTo(FailureCode.VALIDATION_FAILED);
    assertThat(failure(() -> session.start(Command.of("no-such-program"))).code())
        .isEqualTo(FailureCode.VALIDATION_FAILED);
  }

  @Test
  void aCommandsOwnLimitEndsIt() {
    Command command = Command.of("sleep", "300").within(Duration.ofSeconds(1));

    try (ProcessStream process = session.start(command)) {
      assertThat(failure(process::next).code()).isEqualTo(FailureCode.TIMEOUT);
      await()
          .atMost(PATIENCE)
          .until(() -> session.processes().stream().noneMatch(p -> p.pid() == process.pid()));
    }
  }

  @Test
  void outputIsSeenWhileTheCommandRuns() {
    Command command = Command.shell("echo first; read line; echo $line").withStdin();

    try (ProcessStream process = session.start(command)) {
      assertThat(text(process.next().orElseThrow())).isEqualTo("first\n");
      session.sendStdin(process.pid(), "second\n".getBytes(UTF_8));
      assertThat(text(process.next().orElseThrow())).isEqualTo("second\n");
      assertThat(process.next()).contains(new ProcessEvent.Ended(new ProcessExit.Code(0)));
      assertThat(process.next()).isEmpty();
    }
  }

  @Test
  void withoutStandardInputThereIsNothingToRead() {
    assertThat(ran(Command.of("cat"))).isEqualTo(new Ran("", "", new ProcessExit.Code(0)));
  }

  @Test
  void aProcessOutlivesItsStreamAndIsFoundByItsId() {
    long pid;
    try (ProcessStream process = session.start(Command.of("cat").withStdin())) {
      pid = process.pid();
    }

    assertThat(session.processes()).filteredOn(process -> process.pid() == pid).hasSize(1);
    try (ProcessStream process = session.connect(pid)) {
      assertThat(process.pid()).isEqualTo(pid);
      session.sendStdin(pid, "still here".getBytes(UTF_8));
      assertThat(text(process.next().orElseThrow())).isEqualTo("still here");
      session.closeStdin(pid);
      assertThat(process.next()).contains(new ProcessEvent.Ended(new ProcessExit.Code(0)));
    }
  }

  @Test
  void aSignalEndsAProcessOnce() {
    try (ProcessStream process = session.start(Command.of("sleep", "300"))) {
      assertThat(session.signal(process.pid(), Signal.TERM)).isTrue();

      assertThat(process.next().orElseThrow())
          .isInstanceOfSatisfying(
              ProcessEvent.Ended.class,
              ended -> assertThat(ended.exit()).isInstanceOf(ProcessExit.Signalled.class));
      await()
          .atMost(PATIENCE)
          .until(() -> session.processes().stream().noneMatch(p -> p.pid() == process.pid()));
    }
  }

  @Test
  void aProcessThatNeverWasIsNotFound() {
    assertThat(failure(() -> session.connect(NO_PID)).code()).isEqualTo(FailureCode.NOT_FOUND);
    assertThat(session.signal(NO_PID, Signal.KILL)).isFalse();
    assertThat(failure(() -> session.sendStdin(NO_PID, new byte[] {1})).code())
        .isEqualTo(FailureCode.NOT_FOUND);
    assertThat(failure(() -> session.closeStdin(NO_PID)).code()).isEqualTo(FailureCode.NOT_FOUND);
  }

  @Test
  void muchOutputArrivesWhole() {
    Ran ran = ran(Command.shell("seq 1 300000"));

    assertThat(ran.stdout().lines()).hasSize(300_000).last().isEqualTo("300000");
    assertThat(ran.exit()).isEqualTo(new ProcessExit.Code(0));
  }

  @Test
  void aFileIsReadInPartsAsItWasWritten() throws IOException {
    write(session, "files/ä b", "0123456789");

    assertThat(read(session, "files/ä b", ByteRange.ALL)).contains("0123456789");
    assertThat(read(session, "files/ä b", new ByteRange(2, 3))).contains("234");
    assertThat(read(session, "files/ä b", ByteRange.from(8))).contains("89");
    assertThat(read(session, "files/ä b", ByteRange.from(10))).contains("");
    assertThat(read(session, "files/ä b", ByteRange.from(99))).contains("");
    assertThat(read(session, "files/none", ByteRange.ALL)).isEmpty();
    write(session, "files/ä b", "");
    assertThat(read(session, "files/ä b", ByteRange.ALL)).contains("");
  }

  @Test
  void aLargeFileIsTheSameAfterBothWays() throws Exception {
    int copies = 20;
    byte[] block = new byte[1 << 20];
    new java.util.Random(1).nextBytes(block);
    List<InputStream> blocks = new ArrayList<>();
    var digest = MessageDigest.getInstance("SHA-256");
    for (int copy = 0; copy < copies; copy++) {
      blocks.add(new ByteArrayInputStream(block));
      digest.update(block);
    }

    session.write("large", new SequenceInputStream(Collections.enumeration(blocks)));

    assertThat(session.stat("large").orElseThrow().sizeBytes()).isEqualTo(20L << 20);
    assertThat(digestOf(session.read("large", ByteRange.ALL).orElseThrow()))
        .isEqualTo(HexFormat.of().formatHex(digest.digest()));
  }

  @Test
  void directoriesAreMadeListedMovedAndRemoved() throws IOException {
    assertThat(session.makeDirectory("tree/a")).isTrue();
    assertThat(session.makeDirectory("tree/a")).isFalse();
    write(session, "tree/a/f", "f");

    assertThat(paths(session.list("tree", 1))).containsExactly("a DIRECTORY 0");
    assertThat(paths(session.list("tree", 2)))
        .containsExactlyInAnyOrder("a DIRECTORY 0", "f FILE 1");
    session.move("tree/a/f", "tree/b/g");
    assertThat(session.stat("tree/a/f")).isEmpty();
    assertThat(session.stat("tree/b/g"))
        .hasValueSatisfying(entry -> {
          assertThat(entry.name()).isEqualTo("g");
          assertThat(entry.path()).endsWith("/tree/b/g").startsWith("/");
          assertThat(entry.kind()).isEqualTo(FileEntry.Kind.FILE);
        });
    session.remove("tree");
    session.remove("tree");
    assertThat(session.stat("tree")).isEmpty();
    assertThat(session.list("tree", 1)).isEmpty();
  }

  @Test
  void pathsOfTheWrongKindAreRefused() throws IOException {
    session.makeDirectory("kind/directory");
    write(session, "kind/file", "x");

    List<ThrowingCallable> calls =
        List.of(
            () -> session.read("kind/directory", ByteRange.ALL),
            () -> session.write("kind/directory", new ByteArrayInputStream(new byte[1])),
            () -> session.list("kind/file", 1),
            () -> session.makeDirectory("kind/file"));
    for (ThrowingCallable call : calls) {
      assertThat(failure(call).code()).isEqualTo(FailureCode.VALIDATION_FAILED);
    }
    assertThat(failure(() -> session.move("kind/none", "kind/x")).code())
        .isEqualTo(FailureCode.NOT_FOUND);
  }

  @Test
  void aLargeFileThatIsRefusedSaysWhy() {
    session.makeDirectory("refused");
    InputStream large = new ByteArrayInputStream(new byte[20 << 20]);

    assertThat(failure(() -> session.write("refused", large)).code())
        .isEqualTo(FailureCode.VALIDATION_FAILED);
  }

  /// What a command left.
  private record Ran(String stdout, String stderr, ProcessExit exit) {}

  private Ran ran(Command command) {
    var stdout = new java.io.ByteArrayOutputStream();
    var stderr = new java.io.ByteArrayOutputStream();
    try (ProcessStream process = session.start(command)) {
      while (true) {
        switch (process.next().orElseThrow()) {
          case ProcessEvent.Output(var channel, var bytes) ->
              (channel == ProcessEvent.Channel.STDOUT ? stdout : stderr).writeBytes(bytes);
          case ProcessEvent.Ended(var exit) -> {
            return new Ran(stdout.toString(UTF_8), stderr.toString(UTF_8), exit);
          }
        }
      }
    }
  }

  private static String text(ProcessEvent event) {
    assertThat(event).isInstanceOf(ProcessEvent.Output.class);
    return new String(((ProcessEvent.Output) event).bytes(), UTF_8);
  }

  private static void write(SandboxSession inside, String path, String content) {
    inside.write(path, new ByteArrayInputStream(content.getBytes(UTF_8)));
  }

  private static Optional<String> read(SandboxSession inside, String path, ByteRange range)
      throws IOException {
    Optional<InputStream> file = inside.read(path, range);
    if (file.isEmpty()) {
      return Optional.empty();
    }
    try (InputStream in = file.get()) {
      return Optional.of(new String(in.readAllBytes(), UTF_8));
    }
  }

  private static String digestOf(InputStream file) throws IOException, NoSuchAlgorithmException {
    var digest = MessageDigest.getInstance("SHA-256");
    try (var in = new DigestInputStream(file, digest)) {
      var _ = in.transferTo(java.io.OutputStream.nullOutputStream());
    }
    return HexFormat.of().formatHex(digest.digest());
  }

  private static List<String> paths(Optional<List<FileEntry>> entries) {
    return entries.orElseThrow().stream()
        .map(entry ->
            "%s %s %d"
                .formatted(
                    entry.name(),
                    entry.kind(),
                    entry.kind() == FileEntry.Kind.FILE ? entry.sizeBytes() : 0))
        .toList();
  }

  private static ProviderFailure failure(ThrowingCallable call) {
    Throwable thrown = catchThrowable(call);
    assertThat(thrown).isInstanceOf(ProviderFailure.class);
    return (ProviderFailure) thrown;
  }
}
