package dev.slipway.locale2b.box;

import static dev.slipway.locale2b.box.TestBoxes.bash;
import static dev.slipway.locale2b.box.TestBoxes.finish;
import static dev.slipway.locale2b.box.TestBoxes.run;
import static dev.slipway.locale2b.box.TestBoxes.spec;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import dev.slipway.locale2b.box.BoxException.Kind;
import dev.slipway.locale2b.box.TestBoxes.Outcome;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BoxIT {
  @TempDir static Path directory;

  private static BubblewrapBoxes boxes;
  private Box box;

  @BeforeAll
  static void open() throws Exception {
    boxes = TestBoxes.open(directory.resolve("boxes"), NetworkSettings.DEFAULT);
  }

  @AfterAll
  static void close() {
    if (boxes != null) {
      boxes.close();
    }
  }

  @BeforeEach
  void create() throws Exception {
    box = boxes.create(spec("one"));
  }

  @AfterEach
  void closeBox() {
    box.close();
  }

  @Test
  void aProgramHasItsStreamsAndItsExitCode() throws Exception {
    BoxProcess process =
        box.start(
            new ProcessSpec(
                List.of("bash", "-c", "read x; echo hello $x; echo problem >&2; exit 3"),
                Map.of("PATH", "/usr/bin"),
                "/tmp",
                BoxUser.USER,
                true,
                null));
    process.stdin().write("you\n".getBytes(UTF_8));
    process.stdin().close();

    assertThat(finish(process))
        .isEqualTo(new Outcome(new BoxExit.Code(3), "hello you\n", "problem\n"));
  }

  @Test
  void aProgramHasExactlyTheEnvironmentItWasGiven() throws Exception {
    BoxProcess process =
        box.start(
            new ProcessSpec(
                List.of("/usr/bin/env"),
                Map.of("SECRET", "a=b\nc", "LD_PRELOAD", ""),
                "/home/user",
                BoxUser.USER,
                false,
                null));

    assertThat(finish(process).stdout().lines())
        .containsExactlyInAnyOrder("SECRET=a=b", "c", "LD_PRELOAD=");
  }

  @Test
  void withoutStdinAProgramReadsTheEndOfFileAndDefaultsOfSignals() throws Exception {
    Outcome outcome = run(box, "cat; (yes; echo $? >&2) | head -1; umask; ulimit -c");

    assertThat(outcome).isEqualTo(new Outcome(new BoxExit.Code(0), "y\n0022\n0\n", "141\n"));
  }

  @Test
  void bothUsersAreWhoTheySayAndOwnTheirHomes() throws Exception {
    String script = "id -un; id -u; id -g; id -G; stat -c %U . ; touch file && stat -c %U file";

    assertThat(run(box, BoxUser.USER, script).stdout())
        .isEqualTo("user\n1000\n1000\n1000\nuser\nuser\n");
    assertThat(run(box, BoxUser.ROOT, script).stdout()).isEqualTo("root\n0\n0\n0\nroot\nroot\n");
    assertThat(
            run(
                    box,
                    BoxUser.ROOT,
                    "echo 1 > /home/user/a; chown user /home/user/a; ls -l /home/user")
                .stdout())
        .contains("user");
  }

  @Test
  void nothingInABoxIsRootOfTheHostOrCanBecomeMore() throws Exception {
    for (BoxUser user : BoxUser.values()) {
      Outcome outcome =
          run(
              box,
              user,
              """
              cat /proc/self/uid_map
              grep -E 'NoNewPrivs|Seccomp:|CapBnd' /proc/self/status
              unshare --user true; echo userns $?
              mount -t tmpfs none /tmp; echo mount $?
              echo x > /usr/bin/x; echo usr $?
              ip link add dummy0 type dummy 2> /dev/null; echo link $?
              """);

      assertThat(outcome.stdout().lines().map(String::strip))
          .contains("NoNewPrivs:\t1", "CapBnd:\t00000000000000fb", "userns 1", "mount 32", "usr 1");
      assertThat(outcome.stdout()).doesNotContain("link 0").doesNotContainPattern("\\s0 +0 +");
    }
  }

  @Test
  void whatCannotBeStartedIsRefusedWithItsReason() throws Exception {
    assertThatExceptionOfType(BoxException.class)
        .isThrownBy(() -> box.start(in("/nowhere", "true")))
        .withMessage("cwd '/nowhere' cannot be used: No such file or directory")
        .extracting(BoxException::kind)
        .isEqualTo(Kind.NO_SUCH_DIRECTORY);
    assertThatExceptionOfType(BoxException.class)
        .isThrownBy(() -> box.start(in("/root", "true")))
        .withMessage("cwd '/root' cannot be used: Permission denied");
    assertThatExceptionOfType(BoxException.class)
        .isThrownBy(() -> box.start(in("/", "no-such-program")))
        .withMessage("'no-such-program' cannot be run: No such file or directory")
        .extracting(BoxException::kind)
        .isEqualTo(Kind.NOT_RUNNABLE);
  }

  private static ProcessSpec in(String directory, String program) {
    return new ProcessSpec(
        List.of(program), Map.of("PATH", "/usr/bin"), directory, BoxUser.USER, false, null);
  }

  @Test
  void aSignalReachesTheOneProcessAndIsToldAsItsEnd() throws Exception {
    BoxProcess parent = box.start(bash(box, BoxUser.USER, "sleep 300 & echo $! $$; wait"));
    String[] pids =
        new BufferedReader(new InputStreamReader(parent.stdout(), UTF_8)).readLine().split(" ", -1);

    parent.signal(BoxSignal.KILL);

    assertThat(parent.onExit().get(10, TimeUnit.SECONDS)).isEqualTo(new BoxExit.Signal(9));
    assertThat(parent.pid()).isEqualTo(Long.parseLong(pids[1]));
    assertThat(run(box, "kill -0 %s && echo alive".formatted(pids[0])).stdout())
        .isEqualTo("alive\n");
    parent.signal(BoxSignal.KILL); // nobody is there any more
  }

  @Test
  void aTerminalIsATerminalOfItsSize() throws Exception {
    BoxProcess process =
        box.start(
            new ProcessSpec(
                List.of("/bin/bash", "--norc", "-i"),
                Map.of("PATH", "/usr/bin", "PS1", "", "TERM", "dumb"),
                "/home/user",
                BoxUser.USER,
                false,
                new TerminalSize(24, 80)));
    process.resize(new TerminalSize(30, 100));
    process.stdin().write("stty -echo; tty; stty size; exit 4\n".getBytes(UTF_8));
    process.stdin().flush();

    Outcome outcome = finish(process);

    assertThat(outcome.exit()).isEqualTo(new BoxExit.Code(4));
    assertThat(outcome.stdout()).contains("/dev/pts/").contains("30 100\r\n");
    assertThat(outcome.stdout()).doesNotContain("no job control");
  }

  @Test
  void aBoxSeesNothingOfOthersOrOfTheHost() throws Exception {
    try (Box other = boxes.create(spec("two"))) {
      run(box, "echo mine > ~/secret; echo mine > /tmp/secret; mkdir /dev/shm/secret");
      BoxProcess sleeper = box.start(bash(box, BoxUser.USER, "exec -a findme sleep 300"));

      Outcome outcome =
          run(
              other,
              BoxUser.ROOT,
              """
              ls -A /home/user /tmp /dev/shm /root
              ps -e -o args= | grep -v 'ps -e' | grep -c -E '[f]indme|[j]ava'
              cat /proc/1/environ | tr '\\0' '\\n'
              ls -d /work /var/lib /etc/shadow /sys 2>&1 | grep -v 'No such'
              hostname
              cat /proc/self/cgroup | cut -d: -f3 | sort -u
              """);

      assertThat(outcome.stdout())
          .isEqualTo("/dev/shm:\n\n/home/user:\n\n/root:\n\n/tmp:\n0\nsandbox\n/\n");
      assertThat(sleeper.onExit()).isNotDone();
    }
  }

  @Test
  void whoeverKillsOrTracesInABoxHurtsItAlone() throws Exception {
    Outcome outcome =
        run(
            box,
            BoxUser.ROOT,
            """
            kill -9 1; kill -INT 1; kill -TERM 1
            (kill -9 $PPID) 2>/dev/null
            cat /proc/1/mem >/dev/null 2>&1; echo mem $?
            readlink /proc/1/fd/1; echo fd $?
            cat /proc/1/environ > /dev/null 2>&1; echo environ $?
            rm -rf /bin/* /etc /home /root /run /tmp /var 2>/dev/null; echo rm $?
            """);

    assertThat(outcome.stdout()).startsWith("mem 1\nfd 1\nenviron 1\n");
    assertThat(run(box, "echo still here").stdout()).isEqualTo("still here\n");
    assertThat(Path.of("/usr/bin/env")).exists();
  }

  @Test
  void frozenNothingMovesAndThawedItGoesOn() throws Exception {
    BoxProcess counter = box.start(bash(box, BoxUser.USER, "while echo; do sleep 0.001; done"));
    BoxProcess stopped = box.start(bash(box, BoxUser.USER, "kill -STOP $$; echo woken"));
    AtomicLong counted = count(counter.stdout());
    AtomicLong printed = count(stopped.stdout());
    await().until(() -> counted.get() > 0);
    await().until(() -> run(box, "ps -o stat= " + stopped.pid()).stdout().startsWith("T"));

    box.freeze();
    box.freeze();
    assertThatExceptionOfType(BoxException.class)
        .isThrownBy(() -> run(box, "true"))
        .extracting(BoxException::kind)
        .isEqualTo(Kind.FROZEN);
    long then = counted.get();
    assertThat(box.usage().processes()).isGreaterThanOrEqualTo(2);
    assertThat(counted).hasValue(then);
    box.thaw();

    await().until(() -> counted.get() > then + 1);
    // what had stopped itself is not what was frozen
    assertThat(printed).hasValue(0);
    assertThat(stopped.onExit()).isNotDone();
  }

  /// Counts what a program prints, in the background.
  private static AtomicLong count(InputStream stream) {
    AtomicLong bytes = new AtomicLong();
    Thread.ofPlatform()
        .daemon()
        .start(() -> {
          try (stream) {
            while (stream.read() >= 0) {
              bytes.incrementAndGet();
            }
          } catch (IOException e) {
            throw new UncheckedIOException(e);
          }
        });
    return bytes;
  }

  private static String boxDirectory(String id) {
    return directory.resolve("boxes/boxes/" + id).toString();
  }

  @Test
  void closingEndsEverythingAndLeavesNothing() throws Exception {
    BoxProcess process =
        box.start(bash(box, BoxUser.USER, "trap '' TERM INT HUP; setsid sleep 301 & sleep 302"));
    run(
        box,
        "mkdir -p ~/a; cd ~/a; for i in $(seq 60); do d=$(printf %0100d 0); mkdir $d; cd $d; done");

    box.close();

    assertThat(process.onExit().get(10, TimeUnit.SECONDS)).isEqualTo(new BoxExit.Lost());
    assertThat(box.isAlive()).isFalse();
    assertThat(box.onExit()).isCompleted();
    assertThat(Path.of(boxDirectory("one"))).doesNotExist();
    assertThat(ProcessHandle.allProcesses().flatMap(p -> p.info().commandLine().stream()))
        .noneMatch(line -> line.endsWith("sleep 301") || line.endsWith("sleep 302"));
    assertThatExceptionOfType(BoxException.class)
        .isThrownBy(() -> run(box, "true"))
        .extracting(BoxException::kind)
        .isEqualTo(Kind.GONE);
  }

  @Test
  void anIdIsTakenAsLongAsItsBoxLives() throws Exception {
    run(box, "touch ~/mine");

    assertThatExceptionOfType(BoxException.class)
        .isThrownBy(() -> boxes.create(spec("one")))
        .extracting(BoxException::kind)
        .isEqualTo(Kind.NOT_CREATED);

    assertThat(run(box, "ls").stdout()).isEqualTo("mine\n");
    box.close();
    box = boxes.create(spec("one"));
    assertThat(run(box, "ls").stdout()).isEmpty();
  }

  @Test
  void theHomeIsAsTheTemplateHasItAndMountsAreSeen() throws Exception {
    Path template = Files.createDirectories(directory.resolve("template/.config"));
    Files.writeString(template.resolve("tool"), "x");
    Files.createSymbolicLink(template.resolve("link"), Path.of("tool"));
    Path workspace = Files.createDirectories(directory.resolve("workspace"));
    Files.setPosixFilePermissions(workspace, PosixFilePermissions.fromString("rwxrwxrwx"));
    BoxSpec spec =
        new BoxSpec(
            "templated",
            directory.resolve("template"),
            NetworkRules.off(),
            Limits.DEFAULT,
            List.of(
                new Mount(workspace, Path.of("/workspace"), true),
                new Mount(workspace, Path.of("/home/user/read only"), false)));
    try (Box templated = boxes.create(spec)) {
      Outcome outcome =
          run(
              templated,
              """
              cat .config/link; stat -c %U .config/tool; echo y >> .config/tool
              echo z > /workspace/file; cat 'read only/file'
              touch 'read only/other' || echo refused
              """);

      assertThat(outcome.stdout()).isEqualTo("xuser\nz\nrefused\n");
      assertThat(workspace.resolve("file")).hasContent("z");
      assertThat(template.resolve("tool")).hasContent("x");
    }
  }
}
