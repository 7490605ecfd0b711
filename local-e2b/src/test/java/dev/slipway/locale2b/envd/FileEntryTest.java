package dev.slipway.locale2b.envd;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import org.junit.jupiter.api.Test;

class FileEntryTest {
  @Test
  void aLinkHasTypeAndModeOfWhatItLeadsTo() {
    String listing =
        String.join(
            "\0",
            "f",
            "f",
            "5",
            "644",
            "-rw-r--r--",
            "user",
            "group",
            "1700000000.5000000000",
            "",
            "/h/a",
            "l",
            "f",
            "1",
            "777",
            "lrwxrwxrwx",
            "user",
            "group",
            "1700000000.0000000000",
            "a",
            "/h/l",
            "l",
            "N",
            "4",
            "777",
            "lrwxrwxrwx",
            "root",
            "root",
            "1700000000.0000000000",
            "gone",
            "/h/n",
            "=",
            "/h/l",
            "600",
            "-rw-------",
            "");

    assertThat(FileEntry.parse(listing))
        .containsExactly(
            entry("/h/a", "FILE_TYPE_FILE", 5, 0644, "-rw-r--r--", "user", "group", 500, ""),
            entry("/h/l", "FILE_TYPE_FILE", 1, 0600, "-rw-------", "user", "group", 0, "a"),
            entry(
                "/h/n", "FILE_TYPE_UNSPECIFIED", 4, 0777, "lrwxrwxrwx", "root", "root", 0, "gone"));
  }

  private static FileEntry entry(
      String path,
      String type,
      long size,
      int mode,
      String permissions,
      String owner,
      String group,
      int millis,
      String target) {
    return new FileEntry(
        path,
        type,
        size,
        mode,
        permissions,
        owner,
        group,
        Instant.ofEpochSecond(1_700_000_000L).plusMillis(millis),
        target);
  }
}
