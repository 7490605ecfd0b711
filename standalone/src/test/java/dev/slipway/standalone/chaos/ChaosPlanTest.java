package dev.slipway.standalone.chaos;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.quicktheories.QuickTheory.qt;
import static org.quicktheories.generators.SourceDSL.integers;
import static org.quicktheories.generators.SourceDSL.longs;

import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class ChaosPlanTest {
  @Test
  void theSameSeedGivesTheSamePlan() {
    qt().withExamples(200)
        .forAll(longs().all(), integers().between(1, 1_000), integers().between(0, 100))
        .checkAssert((seed, tasks, merge) ->
            assertThat(ChaosPlan.of(seed, tasks, merge))
                .isEqualTo(ChaosPlan.of(seed, tasks, merge)));
  }

  @Test
  void anotherSeedGivesAnotherPlan() {
    assertThat(ChaosPlan.of(1, 30, 50).faults()).isNotEqualTo(ChaosPlan.of(2, 30, 50).faults());
    assertThat(ChaosPlan.of(1, 30, 50).tasks()).isNotEqualTo(ChaosPlan.of(2, 30, 50).tasks());
  }

  @Test
  void thereIsAFaultForEveryTwoTasksAndNeverMoreThanSixty() {
    qt().withExamples(300)
        .forAll(longs().all(), integers().between(1, 1_500))
        .checkAssert((seed, tasks) -> {
          List<Fault> faults = ChaosPlan.of(seed, tasks, 50).faults();

          assertThat(faults).hasSizeBetween(Math.min(60, (tasks + 1) / 2), 60);
        });
  }

  @Test
  void fromThirtyTasksOnEachKindComesAndEachPartDies() {
    qt().withExamples(300)
        .forAll(longs().all(), integers().between(30, 1_000))
        .checkAssert((seed, tasks) -> {
          List<Fault> faults = ChaosPlan.of(seed, tasks, 50).faults();

          assertThat(kinds(faults)).isEqualTo(EnumSet.allOf(FaultKind.class));
          assertThat(parts(faults)).isEqualTo(EnumSet.allOf(Part.class));
        });
  }

  @Test
  void faultsComeInOrderAmidTheWorkAndTheLastOneWhenAllIsAskedFor() {
    qt().withExamples(300)
        .forAll(longs().all(), integers().between(1, 1_000))
        .checkAssert((seed, tasks) -> {
          List<Integer> moments =
              ChaosPlan.of(seed, tasks, 50).faults().stream().map(Fault::after).toList();

          assertThat(moments).isSorted().allMatch(after -> after >= 1 && after <= tasks);
          assertThat(moments.getLast()).isEqualTo(tasks);
        });
  }

  @Test
  void asManyAreMergedAsAskedFor() {
    assertThat(ChaosPlan.of(1, 200, 100).tasks()).allMatch(task -> task.fate().isMerge());
    assertThat(ChaosPlan.of(1, 200, 0).tasks()).noneMatch(task -> task.fate().isMerge());
    assertThat(
            ChaosPlan.of(1, 1_000, 30).tasks().stream()
                .filter(task -> task.fate().isMerge())
                .count())
        .isBetween(250L, 350L);
  }

  @Test
  void allThatPeopleDoIsAmongIt() {
    Set<Fate> fates =
        ChaosPlan.of(1, 300, 50).tasks().stream()
            .map(PlannedTask::fate)
            .collect(Collectors.toSet());

    assertThat(fates).isEqualTo(EnumSet.allOf(Fate.class));
  }

  @Test
  void aFrozenHolderSleepsLongerThanItsLease() {
    assertThat(ChaosPlan.of(1, 1_000, 50).faults())
        .extracting(Fault::what)
        .filteredOn(what -> what instanceof Fault.Freeze)
        .isNotEmpty()
        .allMatch(what -> what instanceof Fault.Freeze freeze && freeze.length().toSeconds() > 10);
  }

  @Test
  void whatCannotBePlannedIsRefused() {
    assertThatIllegalArgumentException().isThrownBy(() -> ChaosPlan.of(1, 0, 50));
    assertThatIllegalArgumentException().isThrownBy(() -> ChaosPlan.of(1, 1, 101));
    assertThatIllegalArgumentException().isThrownBy(() -> ChaosPlan.of(1, 1, -1));
  }

  private static Set<FaultKind> kinds(List<Fault> faults) {
    return faults.stream().map(fault -> fault.what().kind()).collect(Collectors.toSet());
  }

  private static Set<Part> parts(List<Fault> faults) {
    return faults.stream()
        .flatMap(fault -> fault.what().parts().stream())
        .collect(Collectors.toSet());
  }
}
