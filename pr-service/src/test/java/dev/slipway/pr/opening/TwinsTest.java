package dev.slipway.pr.opening;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.pr.opening.Twins.Candidate;
import dev.slipway.pr.opening.Twins.Standing;
import java.util.Comparator;
import java.util.List;
import org.junit.jupiter.api.Test;

class TwinsTest {
  private static final Candidate CLOSED = new Candidate(3, Standing.CLOSED, "old", "main");
  private static final Candidate MERGED = new Candidate(4, Standing.MERGED, "tip", "main");
  private static final Candidate ELSEWHERE = new Candidate(5, Standing.OPEN, "tip", "release");
  private static final Candidate OPEN = new Candidate(7, Standing.OPEN, "tip", "main");

  @Test
  void anOpenOneIsTheOneWhateverItsBase() {
    assertThat(new Twins(List.of(CLOSED, ELSEWHERE), false).known("main", true, "tip"))
        .contains(ELSEWHERE);
  }

  @Test
  void theBaseBreaksTies() {
    var both = new Twins(List.of(ELSEWHERE, OPEN), false);

    assertThat(both.known("main", true, "tip")).contains(OPEN);
    assertThat(both.known("release", true, "tip")).contains(ELSEWHERE);
    assertThat(both.known("develop", true, "tip")).contains(ELSEWHERE);
  }

  @Test
  void whatWasMergedOrClosedIsNotProposedOnceMore() {
    assertThat(new Twins(List.of(CLOSED, MERGED), false).known("main", true, "tip"))
        .contains(MERGED);
    assertThat(new Twins(List.of(CLOSED, MERGED), false).known("main", true, "newer")).isEmpty();
    assertThat(new Twins(List.of(CLOSED), false).known("main", true, null)).isEmpty();
  }

  @Test
  void whatWasMergedElsewhereCanStillGoToABaseThatIsNamed() {
    assertThat(new Twins(List.of(MERGED), false).known("release", true, "tip")).isEmpty();
    assertThat(new Twins(List.of(MERGED), false).known("release", false, "tip")).contains(MERGED);
  }

  @Test
  void theLowestThatCameSinceIsKeptAndOpenOnesAboveItAreTooMany() {
    var after = new Twins(List.of(CLOSED, OPEN, MERGED, ELSEWHERE), false);

    assertThat(after.since(3, "tip")).contains(MERGED);
    assertThat(after.since(4, "tip")).contains(ELSEWHERE);
    assertThat(after.since(7, "tip")).isEmpty();
    assertThat(after.besides(MERGED)).containsExactlyInAnyOrder(OPEN, ELSEWHERE);
    assertThat(after.besides(OPEN)).isEmpty();
  }

  @Test
  void onePeopleClosedGivesWayToOneThatIsOpen() {
    var after = new Twins(List.of(new Candidate(6, Standing.CLOSED, "tip", "main"), OPEN), false);

    assertThat(after.since(0, "tip")).contains(OPEN);
    assertThat(after.besides(OPEN)).isEmpty();
  }

  @Test
  void oneThatIsOverBeforeTheNewestCommitIsNotTheOne() {
    assertThat(new Twins(List.of(MERGED), false).since(0, "newer")).isEmpty();
    assertThat(new Twins(List.of(MERGED), false).since(0, null)).contains(MERGED);
  }

  @Test
  void whatIsCreatedNextHasAHigherNumber() {
    assertThat(new Twins(List.of(OPEN, CLOSED), false).highest()).isEqualTo(7);
    assertThat(new Twins(List.of(), false).highest()).isZero();
  }

  @Test
  void aHeadThatHasOneForLifeHasTheLowestNumberWhateverBecameOfIt() {
    var all = new Twins(List.of(ELSEWHERE, OPEN, MERGED, CLOSED), true);
    Candidate lowest =
        all.found().stream().min(Comparator.comparingLong(Candidate::number)).orElseThrow();

    assertThat(all.known("main", true, "newer")).contains(lowest);
    assertThat(all.since(100, null)).contains(lowest);
    assertThat(all.besides(lowest))
        .as("the others that are open")
        .containsExactlyInAnyOrderElementsOf(
            all.found().stream()
                .filter(one -> one.isOpen() && one.number() != lowest.number())
                .toList());
  }
}
