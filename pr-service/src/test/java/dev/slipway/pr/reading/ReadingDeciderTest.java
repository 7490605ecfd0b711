package dev.slipway.pr.reading;

import static org.assertj.core.api.Assertions.assertThat;
import static org.quicktheories.QuickTheory.qt;
import static org.quicktheories.generators.SourceDSL.integers;
import static org.quicktheories.generators.SourceDSL.lists;

import dev.slipway.pipeline.core.Decision;
import dev.slipway.pipeline.core.Numbered;
import dev.slipway.pr.observation.Observation;
import dev.slipway.pr.reading.ReadingEvent.Asked;
import dev.slipway.pr.reading.ReadingEvent.Ended;
import dev.slipway.pr.reading.ReadingInput.Ambiguous;
import dev.slipway.pr.reading.ReadingInput.NotRead;
import dev.slipway.pr.reading.ReadingInput.WasRead;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class ReadingDeciderTest {
  private static final Instant START = Instant.parse("2026-11-01T12:00:00Z");
  private static final ReadPullRequest WANTED = new ReadPullRequest(1001, "acme/site", 7);

  private final ReadingDecider decider = new ReadingDecider();

  private static Instant after(long seconds) {
    return START.plusSeconds(seconds);
  }

  private static Ambiguous ambiguous(long second) {
    return new Ambiguous(WANTED, after(second));
  }

  private static WasRead read(long second) {
    return new WasRead(
        new Observation(1001, 7L, "/repos/acme/site/pulls/7", START, after(second), new byte[0]));
  }

  private ReadingState after(ReadingState state, Decision<ReadingEvent> decision) {
    ReadingState next = state;
    for (ReadingEvent event : decision.events()) {
      next = decider.evolve(next, new Numbered<>(event, new UUID(0, 0), 1, START, new UUID(0, 1)));
    }
    return next;
  }

  private ReadingState after(ReadingInput... inputs) {
    ReadingState state = decider.initial();
    for (ReadingInput input : inputs) {
      state = after(state, decider.decide(state, input));
    }
    return state;
  }

  @Test
  void theFirstWhoAsksBringsOneReading() {
    Decision<ReadingEvent> decision = decider.decide(after(), ambiguous(0));

    assertThat(decision.events()).containsExactly(new Asked(1));
    assertThat(decision.operations()).containsExactly(WANTED);
  }

  @Test
  void whoAsksMeanwhileBringsNone() {
    assertThat(decider.decide(after(ambiguous(0)), ambiguous(3_600))).isEqualTo(Decision.nothing());
  }

  @Test
  void whatWasReadIsSentOnOnce() {
    ReadingState underWay = after(ambiguous(0));
    WasRead read = read(3);

    Decision<ReadingEvent> decision = decider.decide(underWay, read);

    assertThat(decision.events()).containsExactly(new Ended(after(3)));
    assertThat(decision.commands()).containsExactly(read.observation());
    assertThat(decider.decide(after(underWay, decision), read)).isEqualTo(Decision.nothing());
    assertThat(decider.decide(after(underWay, decision), new NotRead(after(4))))
        .isEqualTo(Decision.nothing());
  }

  @Test
  void whatCannotBeReadSendsNothing() {
    Decision<ReadingEvent> decision = decider.decide(after(ambiguous(0)), new NotRead(after(3)));

    assertThat(decision.events()).containsExactly(new Ended(after(3)));
    assertThat(decision.commands()).isEmpty();
  }

  @Test
  void whatDoesNotHelpIsTriedEverMoreRarely() {
    ReadingState state = decider.initial();
    Instant now = START;
    List<Duration> pauses = new ArrayList<>();
    for (int i = 0; i < 12; i++) {
      state = after(state, decider.decide(state, new Ambiguous(WANTED, now)));
      state = after(state, decider.decide(state, new NotRead(now)));
      Instant dueAt = Objects.requireNonNull(state.dueAt());
      pauses.add(Duration.between(now, dueAt));
      assertThat(decider.decide(state, new Ambiguous(WANTED, dueAt.minusNanos(1))))
          .isEqualTo(Decision.nothing());
      now = dueAt;
    }

    assertThat(pauses)
        .startsWith(Duration.ofSeconds(10), Duration.ofSeconds(20), Duration.ofSeconds(40))
        .isSorted()
        .endsWith(Duration.ofHours(1), Duration.ofHours(1));
  }

  @Test
  void afterALongSilenceItIsAboutSomethingNew() {
    ReadingState state = after(ambiguous(0), read(1), ambiguous(12), read(13));

    assertThat(decider.decide(state, ambiguous(13 + 41)).events()).containsExactly(new Asked(1));
    assertThat(decider.decide(state, ambiguous(13 + 20)).events()).containsExactly(new Asked(3));
  }

  @Test
  void whateverComesThereIsNeverMoreThanOneUnderWay() {
    qt().forAll(lists().of(integers().between(0, 5)).ofSizeBetween(0, 60))
        .checkAssert(kinds -> {
          ReadingState state = decider.initial();
          int asked = 0;
          int ended = 0;
          long second = 0;
          for (int kind : kinds) {
            second += kind * 7L;
            ReadingInput input =
                switch (kind % 3) {
                  case 0 -> ambiguous(second);
                  case 1 -> read(second);
                  default -> new NotRead(after(second));
                };
            Decision<ReadingEvent> decision = decider.decide(state, input);
            asked += decision.operations().size();
            ended += (int) decision.events().stream().filter(Ended.class::isInstance).count();
            state = after(state, decision);
            assertThat(asked - ended).isBetween(0, 1).isEqualTo(state.underWay() ? 1 : 0);
          }
        });
  }
}
