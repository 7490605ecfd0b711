package dev.slipway.pr.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.quicktheories.QuickTheory.qt;
import static org.quicktheories.generators.SourceDSL.integers;
import static org.quicktheories.generators.SourceDSL.lists;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class StoryOrderTest {
  private static StoryItem item(int id, int second, @Nullable Integer cause) {
    return new StoryItem(
        Instant.ofEpochSecond(second),
        "type",
        "summary",
        null,
        null,
        new UUID(0, id),
        cause == null ? null : new UUID(0, cause),
        null,
        null,
        null);
  }

  private static List<Long> order(List<StoryItem> one, List<StoryItem> other) {
    return StoryOrder.of(List.of(one, other)).stream()
        .map(item -> {
          UUID id = item.id();
          return id == null ? -1L : id.getLeastSignificantBits();
        })
        .toList();
  }

  @Test
  void whatIsEarlierComesFirstAndEachLogKeepsItsOrder() {
    assertThat(order(List.of(item(1, 1, null), item(2, 5, 1)), List.of(item(3, 3, null))))
        .containsExactly(1L, 3L, 2L);
    assertThat(order(List.of(item(1, 9, null), item(2, 1, 1)), List.of(item(3, 3, null))))
        .containsExactly(3L, 1L, 2L);
  }

  @Test
  void nothingComesBeforeWhatItFollowsFromWhateverTheClocksSay() {
    List<StoryItem> task = List.of(item(1, 10, null), item(2, 4, 3));
    List<StoryItem> pullRequest = List.of(item(3, 5, 1));

    assertThat(order(task, pullRequest)).containsExactly(1L, 3L, 2L);
  }

  @Test
  void logsThatWaitForEachOtherEndAllTheSame() {
    assertThat(order(List.of(item(1, 1, 2)), List.of(item(2, 2, 1)))).containsExactly(1L, 2L);
  }

  @Test
  void whateverTheTimesEverythingIsThereOnce() {
    qt().forAll(
            lists().of(integers().between(0, 20)).ofSizeBetween(0, 12),
            lists().of(integers().between(0, 20)).ofSizeBetween(0, 12))
        .checkAssert((one, other) -> {
          var first = new ArrayList<StoryItem>();
          one.forEach(second -> first.add(item(first.size(), second, null)));
          var second = new ArrayList<StoryItem>();
          // each from one that came before it in the other log
          other.forEach(at -> {
            Integer cause = first.isEmpty() ? null : second.size() % first.size();
            second.add(item(100 + second.size(), at, cause));
          });

          List<StoryItem> story = StoryOrder.of(List.of(first, second));

          assertThat(story).containsExactlyInAnyOrderElementsOf(both(first, second));
          assertThat(story.stream().filter(first::contains)).containsExactlyElementsOf(first);
          assertThat(story.stream().filter(second::contains)).containsExactlyElementsOf(second);
          for (StoryItem item : second) {
            first.stream()
                .filter(cause -> cause.eventId() != null && cause.eventId().equals(item.causeId()))
                .forEach(cause -> assertThat(story.indexOf(cause)).isLessThan(story.indexOf(item)));
          }
        });
  }

  private static List<StoryItem> both(List<StoryItem> one, List<StoryItem> other) {
    var all = new ArrayList<>(one);
    all.addAll(other);
    return all;
  }
}
