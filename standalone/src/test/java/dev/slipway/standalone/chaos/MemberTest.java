package dev.slipway.standalone.chaos;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A process that says that it is ready and writes down its id.
class MemberTest {
  private static final String SCRIPT =
      "echo $$ >> pids; echo slipway ready; while [ ! -f end ]; do sleep 0.05; done; rm end";

  @TempDir private Path folder;

  private Member member;

  @BeforeEach
  void start() throws IOException {
    member =
        new Member(
            "some one",
            List.of("/bin/sh", "-c", SCRIPT),
            Map.of("PATH", System.getenv("PATH")),
            folder);
    member.start();
    member.awaitReady();
  }

  @AfterEach
  void stop() {
    member.stop();
    member.awaitEnd();
  }

  @Test
  void whatIsKilledIsStartedAgainAndThatIsNoEndByItself() throws IOException {
    ProcessHandle first = process();

    member.killAndStart();
    member.awaitReady();

    assertThat(first.isAlive()).isFalse();
    assertThat(pids()).hasSize(2);
    assertThat(process().isAlive()).isTrue();
    assertThat(member.unexpectedEnds()).isZero();
  }

  @Test
  void whatEndsByItselfIsStartedAgainAndCounted() throws IOException {
    Path _ = Files.createFile(folder.resolve("end"));

    await().until(() -> pids().size() == 2);

    assertThat(member.unexpectedEnds()).isEqualTo(1);
  }

  @Test
  void whatIsFrozenDoesNothingUntilItIsThawed() throws IOException {
    member.freeze();
    Path end = Files.createFile(folder.resolve("end"));
    await().until(() -> state().equals("T"));
    assertThat(end).exists();

    member.thaw();

    await().until(() -> pids().size() == 2);
  }

  private String state() throws IOException {
    String status = Files.readString(Path.of("/proc", Long.toString(process().pid()), "status"));
    return status
        .lines()
        .filter(line -> line.startsWith("State:"))
        .map(line -> line.split("\\s+", -1)[1])
        .findFirst()
        .orElseThrow();
  }

  private ProcessHandle process() throws IOException {
    return ProcessHandle.of(Long.parseLong(pids().getLast())).orElseThrow();
  }

  private List<String> pids() throws IOException {
    return Files.readAllLines(folder.resolve("pids"));
  }
}
