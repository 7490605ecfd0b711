package dev.slipway.benchmarks.hub;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class BroadcastsTest {
  private static final int WINDOW = 3;

  private final Broadcasts broadcasts = new Broadcasts(2, WINDOW, 10);

  @Test
  void thereIsRoomAgainOnceTheLastClientHasAnEvent() throws Exception {
    assertThat(broadcasts.awaitRoom()).isEqualTo(WINDOW);
    assertThat(broadcasts.publish(WINDOW, System.nanoTime())).isEqualTo(10);
    broadcasts.arrived(0, 10);
    broadcasts.arrived(0, 11);
    broadcasts.arrived(1, 10);

    assertThat(broadcasts.awaitRoom()).isEqualTo(1);
    assertThat(broadcasts.publish(1, System.nanoTime())).isEqualTo(13);
  }

  @Test
  void eachDeliveryAndEachLastOneIsMeasured() throws Exception {
    int _ = broadcasts.awaitRoom();
    long _ = broadcasts.publish(WINDOW, System.nanoTime());
    for (long number = 10; number < 13; number++) {
      broadcasts.arrived(0, number);
      broadcasts.arrived(1, number);
    }
    broadcasts.awaitAll();

    assertThat(broadcasts.events()).isEqualTo(3);
    assertThat(broadcasts.each().getTotalCount()).isEqualTo(6);
    assertThat(broadcasts.last().getTotalCount()).isEqualTo(3);
    assertThat(broadcasts.wrong()).isZero();
  }

  @Test
  void whatIsMissingTwiceOldOrOutOfOrderIsWrong() throws Exception {
    int _ = broadcasts.awaitRoom();
    long _ = broadcasts.publish(WINDOW, System.nanoTime());
    broadcasts.arrived(0, 9); // of the turn before
    broadcasts.arrived(0, 11); // without 10
    broadcasts.arrived(0, 10);
    broadcasts.arrived(0, 10);

    assertThat(broadcasts.wrong()).isEqualTo(3);
    assertThat(broadcasts.each().getTotalCount()).isEqualTo(1);
  }
}
