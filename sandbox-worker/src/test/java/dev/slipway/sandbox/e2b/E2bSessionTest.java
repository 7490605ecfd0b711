package dev.slipway.sandbox.e2b;

import static dev.slipway.sandbox.e2b.ScriptedE2b.DETAIL;
import static dev.slipway.sandbox.e2b.ScriptedE2b.TOKEN;
import static dev.slipway.sandbox.e2b.ScriptedE2b.beginStream;
import static dev.slipway.sandbox.e2b.ScriptedE2b.event;
import static dev.slipway.sandbox.e2b.ScriptedE2b.frame;
import static dev.slipway.sandbox.e2b.ScriptedE2b.last;
import static dev.slipway.sandbox.e2b.ScriptedE2b.nothing;
import static dev.slipway.sandbox.e2b.ScriptedE2b.status;
import static dev.slipway.sandbox.e2b.ScriptedE2b.stream;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.slipway.pipeline.security.Secret;
import dev.slipway.sandbox.provider.ByteRange;
import dev.slipway.sandbox.provider.Command;
import dev.slipway.sandbox.provider.ExternalId;
import dev.slipway.sandbox.provider.FailureCode;
import dev.slipway.sandbox.provider.FileEntry;
import dev.slipway.sandbox.provider.ProcessEvent;
import dev.slipway.sandbox.provider.ProcessExit;
import dev.slipway.sandbox.provider.ProcessStream;
import dev.slipway.sandbox.provider.ProviderFailure;
import dev.slipway.sandbox.provider.ProviderRefusedException;
import dev.slipway.sandbox.provider.ProviderSandbox;
import dev.slipway.sandbox.provider.ProviderUnavailableException;
import dev.slipway.sandbox.provider.RunningProcess;
import dev.slipway.sandbox.provider.SandboxSession;
import dev.slipway.sandbox.provider.Signal;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class E2bSessionTest {
  private static final String START = "POST /process.Process/Start";
  private static final byte[] STARTED = event("{\"start\":{\"pid\":7}}");
  private static final byte[] HI = event("{\"data\":{\"stdout\":\"aGkK\"}}");
  private static final byte[] ENDED =
      event("{\"end\":{\"exitCode\":3,\"exited\":true,\"status\":\"exit status 3\"}}");
  private static final Command COMMAND = Command.of("/bin/true");

  private final CountDownLatch testIsOver = new CountDownLatch(1);
  private ScriptedE2b server;
  private E2bSandboxes sandboxes;
  private SandboxSession session;

  @BeforeEach
  void start() throws IOException {
    server = ScriptedE2b.start();
    open(server.properties());
  }

  @AfterEach
  void stop() {
    testIsOver.countDown();
    sandboxes.close();
    server.close();
  }

  private void open(E2bProperties properties) {
    sandboxes = E2bSandboxes.open(properties, Clock.systemUTC(), _ -> true);
    session =
        sandboxes.open(
            new ProviderSandbox(new ExternalId("i1"), "0.6.13", new Secret(TOKEN), null));
  }

  @Test
  void aCommandIsSentAsAskedFor() {
    server.on(START, stream(STARTED, ENDED, last("{}")));
    Command command =
        Command.of("/bin/bash", "-c", "echo")
            .withEnvironment(Map.of("A", "b"))
            .in("/tmp")
            .as("root")
            .within(Duration.ofSeconds(2));

    session.start(command).close();
    session.start(COMMAND.withStdin()).close();

    ScriptedE2b.Request sent = server.requests().getFirst();
    String message =
        "{\"process\":{\"cmd\":\"/bin/bash\",\"args\":[\"-c\",\"echo\"],\"envs\":{\"A\":\"b\"},"
            + "\"cwd\":\"/tmp\"},\"stdin\":false}";
    assertThat(sent.body()).isEqualTo(new String(frame(0, message), UTF_8));
    assertThat(sent.header("E2b-sandbox-id")).isEqualTo("i1");
    assertThat(sent.header("E2b-sandbox-port")).isEqualTo("49983");
    assertThat(sent.header("X-access-token")).isEqualTo(TOKEN);
    assertThat(sent.header("Authorization")).isEqualTo("Basic cm9vdDo=");
    assertThat(sent.header("Connect-protocol-version")).isEqualTo("1");
    assertThat(sent.header("Connect-timeout-ms")).isEqualTo("2000");
    assertThat(sent.header("Keepalive-ping-interval")).isEqualTo("30");
    assertThat(sent.header("Content-type")).isEqualTo("application/connect+json");
    ScriptedE2b.Request plain = server.requests().getLast();
    assertThat(plain.headers()).doesNotContainKeys("Connect-timeout-ms", "Authorization");
    assertThat(plain.body()).endsWith("\"stdin\":true}");
  }

  @Test
  void eventsComeInOrderAndSignsOfLifeDoNotShow() {
    byte[] error = event("{\"data\":{\"stderr\":\"_-8\"}}");
    byte[] alive = event("{\"keepalive\":{}}");
    byte[] unknown = event("{\"news\":{}}");
    server.on(START, stream(alive, STARTED, HI, alive, unknown, error, ENDED, last("{}")));

    ProcessStream process = session.start(COMMAND);

    assertThat(process.pid()).isEqualTo(7);
    assertThat(events(process)).containsExactly("STDOUT 68690a", "STDERR ffef", "Code[code=3]");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{'exited':true,'status':'exit status 0'} | Code[code=0]",
        "{'exitCode':0} | Code[code=0]",
        "{'exitCode':-1,'status':'signal: killed','error':'signal: killed'} | Signalled[name=killed]",
        "{'exitCode':-1} | Signalled[name=unknown]",
        "{'exitCode':137,'exited':true,'status':'exit status 137'} | Code[code=137]"
      })
  void endsAreTakenForWhatTheyAre(String end, String exit) {
    server.on(START, stream(STARTED, event("{\"end\":" + end.replace('\'', '"') + "}")));

    assertThat(events(session.start(COMMAND))).containsExactly(exit);
  }

  @Test
  void outputIsThereWhileTheCommandRuns() throws Exception {
    var hasBeenRead = new CountDownLatch(1);
    server.on(
        START,
        exchange -> {
          OutputStream out = beginStream(exchange);
          out.write(ScriptedE2b.joined(STARTED, HI));
          out.flush();
          awaitLatch(hasBeenRead);
          out.write(ScriptedE2b.joined(ENDED, last("{}")));
        });

    try (ProcessStream process = session.start(COMMAND)) {
      assertThat(text(process.next())).isEqualTo("STDOUT 68690a");
      hasBeenRead.countDown();
      assertThat(text(process.next())).isEqualTo("Code[code=3]");
      assertThat(process.next()).isEmpty();
    }
  }

  @Test
  void aStreamThatEndsWithoutAnEndIsBroken() {
    server.on(START, stream(STARTED, HI));
    server.on("GET /sandboxes/i1", status(200, DETAIL.replace("STATE", "running")));
    ProcessStream process = session.start(COMMAND);
    var _ = process.next();

    ProviderFailure failure = failure(process::next);

    assertThat(failure).isInstanceOf(ProviderUnavailableException.class);
    assertThat(failure.code()).isEqualTo(FailureCode.UNAVAILABLE);
  }

  @Test
  void aStreamThatBreaksBecauseItsSandboxIsGoneSaysSo() {
    server.on(START, stream(STARTED, new byte[] {0, 0}));
    server.on("GET /sandboxes/i1", status(404, "{\"code\":404}"));
    ProcessStream process = session.start(COMMAND);

    ProviderFailure failure = failure(process::next);

    assertThat(failure).isInstanceOf(ProviderRefusedException.class);
    assertThat(failure.code()).isEqualTo(FailureCode.SANDBOX_LOST);
  }

  @Test
  void aStreamThatEndsBeforeTheProcessIsNoExit() {
    server.on(START, stream(STARTED, last("{}")));

    assertThat(failure(session.start(COMMAND)::next).code()).isEqualTo(FailureCode.INTERNAL);
  }

  @Test
  void aSilentStreamIsGivenUp() {
    server.on("GET /sandboxes/i1", status(200, DETAIL.replace("STATE", "running")));
    server.on(
        START,
        exchange -> {
          OutputStream out = beginStream(exchange);
          out.write(STARTED);
          out.flush();
          awaitLatch(testIsOver);
        });
    sandboxes.close();
    open(withKeepAlive(Duration.ofMillis(50)));
    ProcessStream process = session.start(COMMAND);

    ProviderFailure failure = failure(process::next);

    assertThat(failure).isInstanceOf(ProviderUnavailableException.class);
    assertThat((Throwable) failure).hasRootCauseMessage("not a byte for 150 ms");
  }

  @Test
  void aClosedStreamEndsItsReaderAndAsksNobody() throws Exception {
    server.on(
        START,
        exchange -> {
          OutputStream out = beginStream(exchange);
          out.write(STARTED);
          out.flush();
          awaitLatch(testIsOver);
        });
    ProcessStream process = session.start(COMMAND);
    Thread reader = Thread.ofVirtual().unstarted(process::close);
    reader.start();

    ProviderFailure failure = failure(process::next);

    reader.join();
    assertThat((Throwable) failure).hasMessageContaining("the stream was closed");
    assertThat(server.requests()).hasSize(1);
  }

  @ParameterizedTest
  @CsvSource({
    "invalid_argument, VALIDATION_FAILED, false",
    "unauthenticated, AUTH_FAILED, false",
    "not_found, NOT_FOUND, false",
    "resource_exhausted, RATE_LIMITED, false",
    "unavailable, UNAVAILABLE, true",
    "deadline_exceeded, TIMEOUT, true",
    "internal, INTERNAL, true",
    "of_tomorrow, INTERNAL, true"
  })
  void errorsInTheStreamAreTranslated(String word, FailureCode code, boolean mayHaveHappened) {
    server.on(START, stream(last("{\"error\":{\"code\":\"" + word + "\",\"message\":\"m\"}}")));

    ProviderFailure failure = failure(() -> session.start(COMMAND));

    assertThat(failure.code()).isEqualTo(code);
    assertThat(failure.mayHaveHappened()).isEqualTo(mayHaveHappened);
  }

  @ParameterizedTest
  @CsvSource({
    "401, AUTH_FAILED, false, 1",
    "404, INTERNAL, false, 1",
    "429, RATE_LIMITED, false, 3",
    "503, UNAVAILABLE, false, 3",
    "504, TIMEOUT, true, 1",
    "500, INTERNAL, true, 1"
  })
  void aStartIsOnlyRepeatedWhenItDidNotHappen(
      int status, FailureCode code, boolean mayHaveHappened, int starts) {
    server.on(START, status(status, "{}"));

    ProviderFailure failure = failure(() -> session.start(COMMAND));

    assertThat(failure.code()).isEqualTo(code);
    assertThat(failure.mayHaveHappened()).isEqualTo(mayHaveHappened);
    assertThat(server.requests()).hasSize(starts);
  }

  @Test
  void aStartWhoseAnswerIsLostMayHaveHappened() {
    server.on(START, nothing());

    ProviderFailure failure = failure(() -> session.start(COMMAND));

    assertThat(failure.mayHaveHappened()).isTrue();
    assertThat(server.targets()).containsExactly(START);
  }

  @Test
  void aStreamThatBeginsOtherwiseIsRefused() {
    server.on(START, stream(HI));
    server.on("POST /process.Process/Connect", status(200, "{}", "Content-Type", "text/plain"));

    assertThat(failure(() -> session.start(COMMAND)).code()).isEqualTo(FailureCode.INTERNAL);
    assertThat(failure(() -> session.connect(7)).code()).isEqualTo(FailureCode.INTERNAL);
  }

  @Test
  void anEventThatIsTooLargeEndsTheStream() {
    server.on(START, stream(STARTED, new byte[] {0, 0, 1, 0, 1}));
    ProcessStream process = session.start(COMMAND);

    ProviderFailure failure = failure(process::next);

    assertThat(failure.code()).isEqualTo(FailureCode.INTERNAL);
    assertThat((Throwable) failure).hasMessageContaining("slipway.e2b.frame-size");
  }

  @Test
  void aSandboxThatIsGoneIsLost() {
    server.on("GET /sandboxes/i1", status(404, "{\"code\":404}"));
    String gone = "{\"sandboxId\":\"i1\",\"message\":\"The sandbox was not found\",\"code\":502}";
    for (String route :
        List.of(
            START,
            "POST /filesystem.Filesystem/Stat",
            "GET /files",
            "POST /files",
            "GET /health")) {
      server.on(route, status(502, gone));
    }

    List<ThrowingCallable> calls =
        List.of(
            () -> session.start(COMMAND),
            () -> session.stat("x"),
            () -> session.read("x", ByteRange.ALL),
            () -> session.write("x", InputStream.nullInputStream()));
    for (ThrowingCallable call : calls) {
      assertThat(failure(call).code()).isEqualTo(FailureCode.SANDBOX_LOST);
    }
    assertThat(session.isAlive()).isFalse();
  }

  @Test
  void aSandboxThatIsPausedIsNotLost() {
    server.on("POST /process.Process/List", status(502, "{\"code\":502}"));
    server.on("GET /sandboxes/i1", status(200, DETAIL.replace("STATE", "paused")));

    ProviderFailure failure = failure(session::processes);

    assertThat(failure).isInstanceOf(ProviderUnavailableException.class);
    assertThat((Throwable) failure).hasMessageContaining("sandbox i1 is paused: resume it");
  }

  @Test
  void oneSandboxThatFailsDoesNotKeepOthersFromTheirs() {
    server.on("POST /process.Process/List", status(500, "{\"code\":\"internal\"}"));
    server.on("POST /filesystem.Filesystem/Stat", nothing());
    server.on("GET /sandboxes/i1", status(200, DETAIL.replace("STATE", "running")));
    for (int call = 0; call < 12; call++) {
      failure(session::processes);
      failure(() -> session.stat("x"));
    }
    server.on("GET /health", status(204, ""));

    assertThat(session.isAlive()).isTrue();
  }

  @Test
  void processesAreFollowedSignalledAndFed() {
    server.on("POST /process.Process/Connect", stream(STARTED, ENDED, last("{}")));
    server.on("POST /process.Process/SendSignal", status(200, "{}"));
    server.on(
        "POST /process.Process/SendSignal",
        status(404, "{\"code\":\"not_found\",\"message\":\"no process\"}"));
    server.on("POST /process.Process/SendInput", status(200, "{}"));
    server.on("POST /process.Process/CloseStdin", status(200, "{}"));
    server.on(
        "POST /process.Process/List",
        status(
            200,
            """
            {"processes":[{"config":{"cmd":"/bin/bash","args":["-l"],"envs":{"S":"x"},
              "cwd":"/tmp"},"pid":"7","tag":"t"},{"config":{"cmd":"a"},"pid":8}]}\
            """));

    assertThat(events(session.connect(7))).containsExactly("Code[code=3]");
    assertThat(session.signal(7, Signal.TERM)).isTrue();
    assertThat(session.signal(7, Signal.KILL)).isFalse();
    session.sendStdin(7, "hello\n".getBytes(UTF_8));
    session.closeStdin(7);
    assertThat(session.processes())
        .containsExactly(
            new RunningProcess(7, List.of("/bin/bash", "-l"), "/tmp"),
            new RunningProcess(8, List.of("a"), null));
    assertThat(server.requests())
        .extracting(ScriptedE2b.Request::body)
        .containsExactly(
            new String(frame(0, "{\"process\":{\"pid\":7}}"), UTF_8),
            "{\"process\":{\"pid\":7},\"signal\":\"SIGNAL_SIGTERM\"}",
            "{\"process\":{\"pid\":7},\"signal\":\"SIGNAL_SIGKILL\"}",
            "{\"process\":{\"pid\":7},\"input\":{\"stdin\":\"aGVsbG8K\"}}",
            "{\"process\":{\"pid\":7}}",
            "{}");
  }

  @Test
  void filesAreDescribed() {
    String entry =
        """
        {"name":"l","type":"FILE_TYPE_FILE","path":"/home/user/l","size":"5","mode":420,
         "permissions":"-rw-r--r--","owner":"user","group":"user",
         "modifiedTime":"2026-01-02T03:04:05.123456789Z","symlinkTarget":"/x"}\
        """;
    server.on("POST /filesystem.Filesystem/Stat", status(200, "{\"entry\":" + entry + "}"));
    server.on("POST /filesystem.Filesystem/Stat", status(404, "{\"code\":\"not_found\"}"));
    server.on("POST /filesystem.Filesystem/ListDir", status(200, "{\"entries\":[" + entry + "]}"));
    server.on("POST /filesystem.Filesystem/ListDir", status(200, "{}"));
    server.on("POST /filesystem.Filesystem/ListDir", status(404, "{\"code\":\"not_found\"}"));
    server.on("POST /filesystem.Filesystem/MakeDir", status(200, "{\"entry\":" + entry + "}"));
    server.on("POST /filesystem.Filesystem/MakeDir", status(409, "{\"code\":\"already_exists\"}"));
    server.on("POST /filesystem.Filesystem/Remove", status(200, "{}"));
    server.on("POST /filesystem.Filesystem/Move", status(404, "{\"code\":\"not_found\"}"));
    var expected =
        new FileEntry(
            "l",
            "/home/user/l",
            FileEntry.Kind.FILE,
            5,
            0644,
            "user",
            "user",
            Instant.parse("2026-01-02T03:04:05.123456789Z"),
            "/x");

    assertThat(session.stat("l")).contains(expected);
    assertThat(session.stat("l")).isEmpty();
    assertThat(session.list("d", 2)).contains(List.of(expected));
    assertThat(session.list("d", 2)).contains(List.of());
    assertThat(session.list("d", 2)).isEmpty();
    assertThat(session.makeDirectory("d")).isTrue();
    assertThat(session.makeDirectory("d")).isFalse();
    session.remove("d");
    assertThat(failure(() -> session.move("a", "b")).code()).isEqualTo(FailureCode.NOT_FOUND);
  }

  @ParameterizedTest
  @CsvSource({"1, 3, bytes=1-3, bcd", "2, 9223372036854775807, bytes=2-, cdef"})
  void aRangeIsAskedForAndCutWhereTheServerKnowsNone(
      long offset, long length, String header, String part) throws IOException {
    server.on("GET /files", status(200, "abcdef"));

    try (InputStream in = session.read("/a b/ü", new ByteRange(offset, length)).orElseThrow()) {
      assertThat(new String(in.readAllBytes(), UTF_8)).isEqualTo(part);
    }
    assertThat(server.targets()).containsExactly("GET /files?path=%2Fa%20b%2F%C3%BC");
    assertThat(server.requests().getFirst().header("Range")).isEqualTo(header);
  }

  @Test
  void partsOfFilesAreReadAsTheyCome() throws IOException {
    server.on("GET /files", status(206, "cd", "Content-Range", "bytes 2-3/6"));
    server.on("GET /files", status(416, ""));
    server.on("GET /files", status(404, "{\"code\":404,\"message\":\"no such file\"}"));
    server.on("GET /files", status(206, "ab", "Content-Range", "bytes 0-1/6"));
    server.on("GET /files", status(200, "abc"));
    ByteRange range = new ByteRange(2, 2);

    assertThat(read(range)).contains("cd");
    assertThat(read(range)).contains("");
    assertThat(read(range)).isEmpty();
    assertThat(failure(() -> session.read("x", range)).code()).isEqualTo(FailureCode.INTERNAL);
    assertThat(read(ByteRange.from(9))).contains("");
  }

  @Test
  void aFileThatBreaksOffIsNoShorterFile() {
    server.on("GET /sandboxes/i1", status(200, DETAIL.replace("STATE", "running")));
    server.on(
        "GET /files",
        exchange -> {
          exchange.sendResponseHeaders(200, 100);
          exchange.getResponseBody().write(new byte[10]);
          exchange.getResponseBody().flush();
        });
    InputStream in = session.read("x", ByteRange.ALL).orElseThrow();

    assertThat(failure(in::readAllBytes).code()).isEqualTo(FailureCode.UNAVAILABLE);
  }

  @Test
  void filesAreSentAsTheyCome() {
    server.on("POST /files", status(200, "[{\"path\":\"/home/user/x\"}]"));

    session.write("x", new ByteArrayInputStream("content".getBytes(UTF_8)));
    session.write("x", InputStream.nullInputStream());

    assertThat(server.requests())
        .extracting(ScriptedE2b.Request::body)
        .containsExactly("content", "");
    ScriptedE2b.Request sent = server.requests().getFirst();
    assertThat(sent.target()).isEqualTo("/files?path=x");
    assertThat(sent.header("Content-type")).isEqualTo("application/octet-stream");
    assertThat(sent.header("Transfer-encoding")).isEqualTo("chunked");
  }

  @Test
  void aFullDiskIsTooLarge() {
    server.on("POST /files", status(507, "{\"code\":507,\"message\":\"no space\"}"));

    ProviderFailure failure = failure(() -> session.write("x", InputStream.nullInputStream()));

    assertThat(failure.code()).isEqualTo(FailureCode.TOO_LARGE);
  }

  @Test
  void contentThatCannotBeReadIsItsSendersFailure() throws IOException {
    server.on("POST /files", status(200, "[{\"path\":\"/home/user/x\"}]"));
    InputStream broken = InputStream.nullInputStream();
    broken.close();

    assertThatThrownBy(() -> session.write("x", broken))
        .isInstanceOf(UncheckedIOException.class)
        .hasRootCauseMessage("Stream closed");
  }

  @Test
  void secretsOfTheCommandAreInNoMessage() {
    String canary = "canary-of-the-command";
    String echo = "{\"code\":\"invalid_argument\",\"message\":\"%s %s\"}";
    server.on(START, stream(last("{\"error\":" + echo.formatted(canary, TOKEN) + "}")));
    server.on(START, status(400, echo.formatted(canary, TOKEN)));
    Command command = COMMAND.withEnvironment(Map.of("S", canary));

    for (int call = 0; call < 2; call++) {
      assertThat((Throwable) failure(() -> session.start(command)))
          .hasMessageContaining("******** ********")
          .hasMessageNotContaining(canary);
    }
    assertThat(command.toString()).doesNotContain(canary);
  }

  private E2bProperties withKeepAlive(Duration keepAlive) {
    E2bProperties p = server.properties();
    return new E2bProperties(
        p.apiKey(),
        p.apiUrl(),
        p.sandboxUrl(),
        p.domain(),
        p.connectTimeout(),
        p.requestTimeout(),
        p.attempts(),
        p.longestPause(),
        keepAlive,
        p.answerSize(),
        p.frameSize(),
        p.breakerCalls(),
        p.breakerFailurePercent(),
        p.breakerPause());
  }

  private Optional<String> read(ByteRange range) throws IOException {
    Optional<InputStream> file = session.read("x", range);
    if (file.isEmpty()) {
      return Optional.empty();
    }
    try (InputStream in = file.get()) {
      return Optional.of(new String(in.readAllBytes(), UTF_8));
    }
  }

  private static List<String> events(ProcessStream process) {
    try (process) {
      List<String> all = new ArrayList<>();
      for (Optional<ProcessEvent> e = process.next(); e.isPresent(); e = process.next()) {
        all.add(text(e));
      }
      return all;
    }
  }

  private static String text(Optional<ProcessEvent> event) {
    return switch (event.orElseThrow()) {
      case ProcessEvent.Output(var channel, var bytes) ->
          channel + " " + java.util.HexFormat.of().formatHex(bytes);
      case ProcessEvent.Ended(ProcessExit exit) -> exit.toString();
    };
  }

  private static void awaitLatch(CountDownLatch latch) throws IOException {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException(e);
    }
  }

  private static ProviderFailure failure(ThrowingCallable call) {
    Throwable thrown = catchThrowable(call);
    assertThat(thrown).isInstanceOf(ProviderFailure.class);
    return (ProviderFailure) thrown;
  }
}
