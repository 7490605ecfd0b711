package dev.slipway.sandbox.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.sandbox.command.LiveOutput.Part;
import dev.slipway.sandbox.provider.ProcessEvent.Channel;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("unit")
class LiveOutputTest {
  private final LiveOutput live = new LiveOutput(0);

  @Test
  void theFirstPartIsShownAtOnceAndTheNextWaitsForItsTime() {
    live.add(Channel.STDOUT, 0, bytes("a"));
    List<Part> first = live.take(0, false);
    live.add(Channel.STDOUT, 1, bytes("b"));

    assertThat(shown(first)).containsExactly("STDOUT 0 0 a");
    assertThat(live.take(LiveOutput.PAUSE_NANOS - 1, false)).isEmpty();
    assertThat(live.patienceNanos(LiveOutput.PAUSE_NANOS - 1)).isEqualTo(1);
    assertThat(shown(live.take(LiveOutput.PAUSE_NANOS, false))).containsExactly("STDOUT 1 0 b");
    assertThat(live.patienceNanos(LiveOutput.PAUSE_NANOS)).isNegative();
  }

  @Test
  void bothStreamsTakeTurns() {
    live.add(Channel.STDOUT, 0, bytes("a"));
    live.add(Channel.STDERR, 0, bytes("x"));
    List<Part> first = live.take(0, false);
    live.add(Channel.STDOUT, 1, bytes("b"));
    List<Part> second = live.take(LiveOutput.PAUSE_NANOS, false);

    assertThat(shown(first)).containsExactly("STDOUT 0 0 a");
    assertThat(shown(second)).containsExactly("STDERR 0 0 x");
  }

  @Test
  void ofTooMuchTheNewestIsShownAndTheRestCounted() {
    live.add(Channel.STDOUT, 0, new byte[LiveOutput.MOST_BYTES]);
    live.add(Channel.STDOUT, LiveOutput.MOST_BYTES, bytes("end"));

    Part part = live.take(0, false).getFirst();

    assertThat(part.skippedBytes()).isEqualTo(3);
    assertThat(part.offset()).isEqualTo(3);
    assertThat(part.bytes()).hasSize(LiveOutput.MOST_BYTES).endsWith(bytes("end"));
  }

  @Test
  void aCharacterIsNotCutUnlessNothingFollows() {
    byte[] umlaut = bytes("ü");
    live.add(Channel.STDOUT, 0, new byte[] {'a', umlaut[0]});

    assertThat(shown(live.take(0, false))).containsExactly("STDOUT 0 0 a");
    live.add(Channel.STDOUT, 2, new byte[] {umlaut[1]});
    assertThat(shown(live.take(LiveOutput.PAUSE_NANOS, false))).containsExactly("STDOUT 1 0 ü");
    live.add(Channel.STDOUT, 3, new byte[] {umlaut[0]});
    assertThat(live.take(LiveOutput.PAUSE_NANOS, true)).hasSize(1);
  }

  @Test
  void whatWasNotTakenIsCountedInTheNext() {
    live.add(Channel.STDOUT, 0, bytes("abc"));
    live.leftOut(live.take(0, false));
    live.add(Channel.STDOUT, 3, bytes("d"));

    assertThat(shown(live.take(LiveOutput.PAUSE_NANOS, false))).containsExactly("STDOUT 3 3 d");
  }

  private static List<String> shown(List<Part> parts) {
    return parts.stream()
        .map(part ->
            "%s %d %d %s"
                .formatted(
                    part.channel(),
                    part.offset(),
                    part.skippedBytes(),
                    new String(part.bytes(), StandardCharsets.UTF_8)))
        .toList();
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
