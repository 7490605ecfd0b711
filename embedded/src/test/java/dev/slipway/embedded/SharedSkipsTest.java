package dev.slipway.embedded;

import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.platform.testkit.engine.EngineTestKit;
import org.junit.platform.testkit.engine.Events;

class SharedSkipsTest {
  @Test
  void aTestThatWasSkippedInItsSetUpIsNotFailedByItsTearDown() {
    run(TornDown.class).assertStatistics(counts -> counts.aborted(1).failed(0));
  }

  @Test
  void aSkipIsOneHoweverItIsWrapped() {
    run(Wrapped.class).assertStatistics(counts -> counts.aborted(1).failed(0));
  }

  @Test
  void whatFailsStillFails() {
    run(Failing.class).assertStatistics(counts -> counts.aborted(0).failed(1));
  }

  private static Events run(Class<?> type) {
    return EngineTestKit.engine("junit-jupiter")
        .selectors(selectClass(type))
        .execute()
        .testEvents();
  }

  @ExtendWith(SharedSkips.class)
  static class TornDown {
    @BeforeEach
    void setUp() {
      Assumptions.abort("no engine");
    }

    @Test
    void anything() {}

    @AfterEach
    void tearDown() {
      throw new IllegalStateException("nothing was set up");
    }
  }

  @ExtendWith(SharedSkips.class)
  static class Wrapped {
    @Test
    void anything() {
      try {
        Assumptions.abort("no engine");
      } catch (RuntimeException e) {
        throw new IllegalStateException("no context", e);
      }
    }
  }

  @ExtendWith(SharedSkips.class)
  static class Failing {
    @Test
    void anything() {}

    @AfterEach
    void tearDown() {
      throw new IllegalStateException("a defect");
    }
  }
}
