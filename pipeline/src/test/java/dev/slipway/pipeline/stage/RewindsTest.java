package dev.slipway.pipeline.stage;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

class RewindsTest {
  private static final Instant NOON = Instant.parse("2026-01-02T12:00:00.123Z");

  private final AtomicReference<Instant> now = new AtomicReference<>(NOON);
  private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
  private final Rewinds rewinds =
      new Rewinds("pr-service.deliveries", new StageMetrics(meters, "s", 1), now::get);
  private final Logger logger = (Logger) LoggerFactory.getLogger(Rewinds.class);
  private final ListAppender<ILoggingEvent> logged = new ListAppender<>();

  @BeforeEach
  void listen() {
    logged.start();
    logger.addAppender(logged);
  }

  @AfterEach
  void leave() {
    logger.detachAppender(logged);
  }

  @Test
  void aLogOfRecordThatWasLostIsAnErrorAMetricAndSaidWithTheRemedyForADay() {
    assertThat(rewinds.tell()).isEmpty();
    assertThat(counted()).isZero();

    rewinds.note(new TopicPartition("github.deliveries", 0), 0, "the topic was made anew");
    rewinds.note(new TopicPartition("github.deliveries", 7), 0, "the topic was made anew");

    assertThat(counted()).isEqualTo(2);
    assertThat(logged.list).hasSize(2).allMatch(line -> line.getLevel().equals(Level.ERROR));
    assertThat(rewinds.tell())
        .hasValueSatisfying(sentence ->
            assertThat(sentence)
                .startsWith(
                    "Stage pr-service.deliveries reads github.deliveries from its start since"
                        + " 2026-01-02T12:00:00Z, because the topic was made anew")
                .contains("Bring the log back", "sent again"));

    now.set(NOON.plus(Duration.ofDays(1)));
    assertThat(rewinds.tell()).isPresent();
    now.set(NOON.plus(Duration.ofDays(1)).plusMillis(1));
    assertThat(rewinds.tell()).isEmpty();
  }

  private double counted() {
    return meters.get("slipway.stage.rewound").counter().count();
  }
}
