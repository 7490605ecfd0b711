package dev.slipway.pr.opening;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.pr.opening.Twins.Candidate;
import java.util.List;
import org.junit.jupiter.api.Test;

class TwinsTest {
  private static final Candidate CLOSED = new Candidate(3, false, "old", "main");
  private static final Candidate MERGED = new Candidate(4, false, "tip", "main");
  private static final Candidate OPEN = new Candidate(7, true, "tip", "main");
  private static final Candidate ELSEWHERE = new Candidate(5, true, "tip", "release");

  @Test
  void anOpenOneIsTheOneWhateverItsBase() {
    assertThat(new Twins(List.of(CLOSED, ELSEWHERE)).known("main", "tip")).contains(ELSEWHERE);
  }

  @Test
  void theBaseBreaksTies() {
    var both = new Twins(List.of(ELSEWHERE, OPEN));

    assertThat(both.known("main", "tip")).contains(OPEN);
    assertThat(both.known("release", "tip")).contains(ELSEWHERE);
    assertThat(both.known("develop", "tip")).contains(ELSEWHERE);
  }

  @Test
  void whatWasMergedOrClosedIsNotProposedOnceMore() {
    assertThat(new Twins(List.of(CLOSED, MERGED)).known("main", "tip")).contains(MERGED);
    assertThat(new Twins(List.of(CLOSED, MERGED)).known("main", "newer")).isEmpty();
    assertThat(new Twins(List.of(CLOSED)).known("main", null)).isEmpty();
  }

  @Test
  void theLowestThatCameSinceIsKeptAndOpenOnesBesideItAreTooMany() {
    var after = new Twins(List.of(CLOSED, OPEN, MERGED, ELSEWHERE));

    assertThat(after.since(3)).contains(MERGED);
    assertThat(after.since(7)).isEmpty();
    assertThat(after.besides(MERGED)).containsExactlyInAnyOrder(OPEN, ELSEWHERE);
    assertThat(after.besides(OPEN)).isEmpty();
  }

  @Test
  void whatIsCreatedNextHasAHigherNumber() {
    assertThat(new Twins(List.of(OPEN, CLOSED)).highest()).isEqualTo(7);
    assertThat(new Twins(List.of()).highest()).isZero();
  }
}
