package dev.slipway.ingress.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.quicktheories.QuickTheory.qt;
import static org.quicktheories.generators.SourceDSL.integers;
import static org.quicktheories.generators.SourceDSL.lists;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ByteBudgetTest {
  private static final int MIB = 1024 * 1024;

  /// 40 MiB, each body counted twice: 10 MiB kept for small ones, 30 MiB for all.
  private final ByteBudget budget = new ByteBudget(40L * MIB, 2);

  @Test
  void largeBodiesShareTheRestAndGiveItBack() {
    ByteBudget.Lease first = budget.open(10 * MIB).orElseThrow();
    assertThat(budget.open(10 * MIB)).isEmpty();
    assertThat(budget.used()).isEqualTo(20L * MIB);

    first.close();
    first.close();

    assertThat(budget.used()).isZero();
    assertThat(budget.open(10 * MIB)).isPresent();
  }

  @Test
  void aFloodOfLargeBodiesLeavesRoomForSmallOnes() {
    while (budget.open(2 * MIB).isPresent()) {
      // until nothing large fits
    }

    for (int i = 0; i < 5; i++) {
      assertThat(budget.open(MIB)).isPresent();
    }
    assertThat(budget.open(MIB)).hasValueSatisfying(l -> assertThat(l).isNotNull());
    assertThat(budget.used()).isLessThanOrEqualTo(40L * MIB);
  }

  @Test
  void smallBodiesUseTheRestTooWhenNothingElseDoes() {
    List<ByteBudget.Lease> leases = new ArrayList<>();
    for (Optional<ByteBudget.Lease> l = budget.open(MIB); l.isPresent(); l = budget.open(MIB)) {
      leases.add(l.get());
    }

    assertThat(leases).hasSize(20);
  }

  @Test
  void aBodyLargerThanAllRoomGetsInAlone() {
    ByteBudget.Lease giant = budget.open(36 * MIB).orElseThrow();

    assertThat(budget.open(2 * MIB)).isEmpty();
    assertThat(budget.open(MIB)).isPresent();
    giant.close();
    assertThat(budget.open(2 * MIB)).isPresent();
  }

  @Test
  void aGrowingBodyMovesFromTheSmallShareToTheRest() {
    ByteBudget.Lease growing = budget.open(0).orElseThrow();

    assertThat(growing.grow(MIB)).isTrue();
    assertThat(budget.used()).isEqualTo(2L * MIB);
    assertThat(growing.grow(8 * MIB)).isTrue();
    assertThat(budget.used()).isEqualTo(16L * MIB);
    ByteBudget.Lease other = budget.open(7 * MIB).orElseThrow();
    assertThat(growing.grow(9 * MIB)).isFalse();
    assertThat(budget.used()).isEqualTo(30L * MIB);
    growing.close();
    other.close();
    assertThat(budget.used()).isZero();
  }

  @Test
  void whateverComesTheBudgetIsKeptExceptForOneThatIsAlone() {
    qt().forAll(lists().of(integers().between(0, 20 * MIB)).ofSizeBetween(0, 40))
        .checkAssert(sizes -> {
          ByteBudget fresh = new ByteBudget(40L * MIB, 2);
          List<ByteBudget.Lease> leases = new ArrayList<>();
          for (int size : sizes) {
            fresh.open(size).ifPresent(leases::add);
            // 10 MiB for small ones, and the rest, which one alone may exceed
            assertThat(fresh.used()).isLessThanOrEqualTo(50L * MIB);
          }
          leases.forEach(ByteBudget.Lease::close);
          assertThat(fresh.used()).isZero();
        });
  }
}
