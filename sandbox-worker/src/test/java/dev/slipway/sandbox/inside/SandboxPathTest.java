package dev.slipway.sandbox.inside;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SandboxPathTest {
  @ParameterizedTest
  @CsvSource({
    "/etc/hosts, /etc/hosts",
    "a.txt, /home/user/a.txt",
    "./a//b/../c, /home/user/a/c",
    "., /home/user",
  })
  void aPathIsAbsoluteOrBelowTheHome(String given, String path) {
    assertThat(SandboxPath.parse(given)).contains(new SandboxPath(path));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "..", "a/../../b", "a\0b", "a\ud800"})
  void everythingElseIsNone(String given) {
    assertThat(SandboxPath.parse(given)).isEmpty();
    assertThat(SandboxPath.parse("/" + "a".repeat(4_096))).isEmpty();
  }
}
