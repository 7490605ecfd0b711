package dev.slipway.localgithub.git;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Map;
import org.junit.jupiter.api.Test;

class PushAnswerTest {
  private static final String ONE = "1".repeat(40);

  @Test
  void whatTheHookRefusedIsSaidInGitHubsWordsAndWhatWasUpdatedIsKnown() throws IOException {
    PushRequest request =
        request(
            RefUpdate.NONE + " " + ONE + " refs/heads/a\0report-status side-band-64k agent=git",
            RefUpdate.NONE + " " + ONE + " refs/heads/b");
    ByteArrayOutputStream report = new ByteArrayOutputStream();
    PktLines.write(report, "unpack ok\n");
    PktLines.write(report, "ng refs/heads/a hook declined\n");
    PktLines.write(report, "ok refs/heads/b\n");
    PktLines.flush(report);
    ByteArrayOutputStream raw = new ByteArrayOutputStream();
    PktLines.write(raw, "\u0002error: no\n");
    PktLines.write(raw, "\u0001" + report.toString(UTF_8));
    PktLines.flush(raw);

    PushAnswer answer =
        PushAnswer.read(
            request, Map.of("refs/heads/a", "protected branch hook declined"), raw.toByteArray());

    assertThat(answer.updates())
        .containsExactly(new RefUpdate("refs/heads/b", RefUpdate.NONE, ONE));
    assertThat(new String(answer.bytes(), UTF_8))
        .contains("\u0002error: no", "ng refs/heads/a protected branch hook declined\n")
        .endsWith("00000000");
  }

  @Test
  void aClientWithoutASideBandGetsTheReportAlone() throws IOException {
    PushRequest request = request(ONE + " " + RefUpdate.NONE + " refs/heads/a\0report-status");
    ByteArrayOutputStream raw = new ByteArrayOutputStream();
    PktLines.write(raw, "unpack ok\n");
    PktLines.write(raw, "ok refs/heads/a\n");
    PktLines.flush(raw);

    PushAnswer answer =
        PushAnswer.read(
            request, Map.of("refs/heads/a", "protected branch hook declined"), raw.toByteArray());

    assertThat(answer.bytes()).isEqualTo(raw.toByteArray());
    assertThat(answer.updates()).singleElement().matches(RefUpdate::isDeletion);
  }

  @Test
  void whatEndsInThePlaceOfAFlushIsRefused() {
    assertThatThrownBy(() -> PushRequest.read(new ByteArrayInputStream("0008abcd".getBytes(UTF_8))))
        .isInstanceOf(MalformedPushException.class);
    assertThatThrownBy(() -> PushRequest.read(new ByteArrayInputStream("zzzz".getBytes(UTF_8))))
        .isInstanceOf(MalformedPushException.class)
        .hasRootCauseMessage("no packet line");
  }

  private static PushRequest request(String... lines) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    for (String line : lines) {
      PktLines.write(out, line);
    }
    PktLines.flush(out);
    return PushRequest.read(new ByteArrayInputStream(out.toByteArray()));
  }
}
