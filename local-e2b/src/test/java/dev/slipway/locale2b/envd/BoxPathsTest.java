package dev.slipway.locale2b.envd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BoxPathsTest {
  @ParameterizedTest
  @CsvSource({
    "'', /home/user",
    "~, /home/user",
    "~/x, /home/user/x",
    "x/y, /home/user/x/y",
    "./x/../y/, /home/user/y",
    "../../../x, /x",
    "/, /",
    "/a/../b, /a/../b",
    "/a//, /a",
    "' ', '/home/user/ '"
  })
  void aPathIsMadeAbsolute(String given, String absolute) {
    assertThat(BoxPaths.resolve(given, "/home/user")).isEqualTo(absolute);
  }

  @Test
  void anotherUsersHomeAndNulAreRefused() {
    assertThatThrownBy(() -> BoxPaths.resolve("~root/x", "/home/user"))
        .isInstanceOf(RpcException.class);
    assertThatThrownBy(() -> BoxPaths.resolve("/a\0b", "/home/user"))
        .isInstanceOf(RpcException.class);
  }
}
