package dev.slipway.locale2b.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slipway.locale2b.control.Life.State;
import dev.slipway.locale2b.control.ListQuery.Listed;
import dev.slipway.locale2b.control.ListQuery.Page;
import dev.slipway.localserver.RefusedException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ListQueryTest {
  private static final Instant NOON = Instant.parse("2026-01-01T12:00:00Z");

  /// Two of them began at the same time.
  private static final List<Listed> ALL =
      List.of(
          listed("a", 2, State.RUNNING),
          listed("b", 1, State.PAUSED),
          listed("c", 2, State.RUNNING),
          listed("d", 3, State.RUNNING),
          listed("e", 0, State.RUNNING));

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4, 5, 100})
  void pagesOfAnySizeAreTogetherTheWholeListInOrder(int limit) {
    assertThat(ids(true, limit)).containsExactly("d", "a", "c", "b", "e");
    assertThat(ids(false, limit)).containsExactly("e", "b", "a", "c", "d");
  }

  @Test
  void runningOnesAreCountedOnAllPages() {
    Page<Listed> page = query("running", true, 1, Optional.empty()).page(ALL, Function.identity());

    assertThat(page.totalRunning()).isEqualTo(4);
    assertThat(page.items()).containsExactly(ALL.get(3));
  }

  @Test
  void aTokenIsGoodForItsOrderAlone() {
    PageToken token = new PageToken(true, NOON, "i|1");

    assertThat(PageToken.parse(token.encoded(), true)).isEqualTo(token);
    assertThatThrownBy(() -> PageToken.parse(token.encoded(), false))
        .isInstanceOf(RefusedException.class);
    assertThatThrownBy(() -> PageToken.parse("nonsense", true))
        .isInstanceOf(RefusedException.class);
  }

  @Test
  void metadataIsDecodedThreeTimes() {
    // the first time by whoever read the query
    String once = "task%2520id=a%2526b%253Dc&user=%25C3%25BC";

    MetadataFilter filter = MetadataFilter.parse(Optional.of(once));

    assertThat(filter.wanted()).isEqualTo(Map.of("task id", "a&b=c", "user", "ü"));
    assertThat(filter.admits(Map.of("task id", "a&b=c", "user", "ü", "more", "x"))).isTrue();
    assertThat(filter.admits(Map.of("user", "ü"))).isFalse();
  }

  @ParameterizedTest
  @ValueSource(strings = {"a", "a=b=c", "a=b&", "a=%25zz"})
  void whatAreNoPairsIsRefused(String once) {
    assertThatThrownBy(() -> MetadataFilter.parse(Optional.of(once)))
        .isInstanceOfSatisfying(
            RefusedException.class, refused -> assertThat(refused.status()).isEqualTo(400));
  }

  private static List<String> ids(boolean descending, int limit) {
    List<String> ids = new ArrayList<>();
    Optional<PageToken> next = Optional.empty();
    do {
      Page<Listed> page = query("", descending, limit, next).page(ALL, Function.identity());
      page.items().forEach(one -> ids.add(one.id()));
      next = page.next();
    } while (next.isPresent());
    return ids;
  }

  private static ListQuery query(
      String states, boolean descending, int limit, Optional<PageToken> after) {
    return new ListQuery(
        new MetadataFilter(Map.of()),
        ListQuery.states(states),
        Optional.empty(),
        Optional.empty(),
        descending,
        limit,
        after);
  }

  private static Listed listed(String id, int minutes, State state) {
    return new Listed(id, "base", Map.of(), state, NOON.plusSeconds(minutes * 60L));
  }
}
