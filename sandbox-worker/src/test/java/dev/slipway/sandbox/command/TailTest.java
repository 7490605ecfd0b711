package dev.slipway.sandbox.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.sandbox.provider.ProcessEvent.Channel;
import java.nio.charset.StandardCharsets;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class TailTest {
  private final Tail tail = new Tail();

  private void out(String text) {
    tail.add(Channel.STDOUT, text.getBytes(StandardCharsets.UTF_8));
  }

  private void err(String text) {
    tail.add(Channel.STDERR, text.getBytes(StandardCharsets.UTF_8));
  }

  private static String lines(int from, int to) {
    return IntStream.rangeClosed(from, to)
        .mapToObj(n -> "line " + n)
        .collect(Collectors.joining("\n"));
  }

  @Test
  void theLastLinesOfBothStreamsStandAsTheyEnded() {
    out(lines(1, 30) + "\nbeg");
    err("error\n");
    out("un\n");
    err("half");

    assertThat(tail.text()).isEqualTo(lines(14, 30) + "\nerror\nbegun\nhalf");
  }

  @Test
  void ofWhatWasNotPrintedThereIsNothing() {
    assertThat(tail.text()).isNull();
    out("\n");
    assertThat(tail.text()).isEmpty();
  }

  @Test
  void itHasAtMostFourKibibytesAndNoHalfOfACharacter() {
    out("ä".repeat(10_000) + "end\n");

    assertThat(tail.text()).isEqualTo("ä".repeat(2_046) + "end");
    out("x".repeat(4_090));
    assertThat(tail.text()).isEqualTo("äend\n" + "x".repeat(4_090));
  }

  @Test
  void howItWasCutIntoPiecesMakesNoDifference() {
    var whole = new Tail();
    byte[] all = (lines(1, 500) + "\n" + "y".repeat(3_000)).getBytes(StandardCharsets.UTF_8);
    whole.add(Channel.STDOUT, all);
    for (byte one : all) {
      tail.add(Channel.STDOUT, new byte[] {one});
    }

    assertThat(tail.text()).isEqualTo(whole.text()).startsWith("line 482\n").hasSize(3_171);
  }

  @Test
  void whatIsNoTextIsShownAsSuch() {
    tail.add(Channel.STDOUT, new byte[] {'a', 0, -1, 'b'});

    assertThat(tail.text()).isEqualTo("a\uFFFD\uFFFDb");
  }

  @Test
  void itIsFullOnceNothingBeforeWouldBeShown() {
    out(lines(1, 20) + "\n");
    assertThat(tail.isFull()).isFalse();
    out("line 21\n");
    assertThat(tail.isFull()).isTrue();
  }
}
