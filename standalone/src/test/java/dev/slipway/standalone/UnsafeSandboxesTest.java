package dev.slipway.standalone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class UnsafeSandboxesTest {
  private final StringWriter err = new StringWriter();
  private final UnsafeSandboxes unsafe = new UnsafeSandboxes();

  @Test
  void whoChoosesThemIsWarned() {
    unsafe.chosen = true;

    unsafe.check(Map.of("GITHUB_TOKEN", " "), new PrintWriter(err));

    assertThat(err.toString()).contains("WARNING", "not isolated");
  }

  @ParameterizedTest
  @ValueSource(strings = {"GITHUB_TOKEN", "GITHUB_APP_ID", "GITHUB_APP_KEY_FILE", "E2B_API_KEY"})
  void theyAreRefusedWhereThereAreCredentials(String variable) {
    unsafe.chosen = true;

    assertThatThrownBy(() -> unsafe.check(Map.of(variable, "x"), new PrintWriter(err)))
        .isInstanceOfSatisfying(
            CommandFailedException.class,
            e -> assertThat(e.exitCode()).isEqualTo(ExitCode.PREREQUISITE))
        .hasMessageContaining(variable);
  }

  @Test
  void withoutTheChoiceNothingIsSaid() {
    unsafe.check(Map.of("GITHUB_TOKEN", "x"), new PrintWriter(err));

    assertThat(err.toString()).isEmpty();
  }
}
