package dev.slipway.standalone.parts;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ShutdownTest {
  private final List<String> ended = new ArrayList<>();

  @Test
  void endsWhatStartedLastFirstAndNothingTwice() {
    Shutdown shutdown = Shutdown.install();
    AutoCloseable _ = shutdown.add(() -> ended.add("servers"));
    AutoCloseable _ = shutdown.add(() -> ended.add("services"));

    shutdown.close();
    shutdown.close();

    assertThat(ended).containsExactly("services", "servers");
  }

  @Test
  void onePartThatDoesNotEndKeepsNoOtherFromEnding() {
    try (Shutdown shutdown = Shutdown.install()) {
      AutoCloseable _ = shutdown.add(() -> ended.add("servers"));
      AutoCloseable _ =
          shutdown.add(() -> {
            throw new IllegalStateException("broken");
          });
    }

    assertThat(ended).containsExactly("servers");
  }

  @Test
  void whatStartsTooLateEndsAtOnce() {
    Shutdown shutdown = Shutdown.install();
    shutdown.close();

    AutoCloseable _ = shutdown.add(() -> ended.add("late"));

    assertThat(ended).containsExactly("late");
  }
}
