package dev.slipway.pipeline.observability;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.Logger;
import org.slf4j.event.KeyValuePair;

class RestrainedLogsTest {
  private final LoggerContext context = new LoggerContext();
  private final ListAppender<ILoggingEvent> written = new ListAppender<>();
  private final AtomicLong nanos = new AtomicLong();

  @BeforeEach
  void install() {
    written.setContext(context);
    written.start();
    context.getLogger(Logger.ROOT_LOGGER_NAME).addAppender(written);
    LogPace pace = new LogPace(nanos::get);
    RestrainedLogs.install(context, pace);
    RestrainedLogs.install(context, new LogPace(nanos::get)); // changes nothing
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "reactor.netty.http.server.HttpServer",
        "reactor.core.publisher.Operators",
        "io.netty.channel.DefaultChannelPipeline",
        "org.springframework.web.server.adapter.HttpWebHandlerAdapter",
        "kafka.network.Processor",
        "org.apache.kafka.common.network.Selector"
      })
  void whatClientsCauseIsALineASecondWithoutTrace(String name) {
    Logger logger = context.getLogger(name);

    for (int i = 0; i < 100; i++) {
      logger.error("failed for {}", "x".repeat(10_000), new IllegalStateException("broken\nchunk"));
    }
    nanos.addAndGet(Duration.ofSeconds(1).toNanos());
    logger.atWarn().addKeyValue("channel", 7).log("again");

    assertThat(written.list).extracting(ILoggingEvent::getThrowableProxy).containsOnlyNulls();
    assertThat(written.list).extracting(ILoggingEvent::getLoggerName).containsExactly(name, name);
    ILoggingEvent first = written.list.getFirst();
    assertThat(first.getFormattedMessage()).startsWith("failed for xxx").hasSizeLessThan(400);
    assertThat(first.getKeyValuePairs())
        .singleElement()
        .satisfies(pair -> {
          assertThat(pair.key).isEqualTo("cause");
          assertThat((String) pair.value)
              .startsWith(
                  "java.lang.IllegalStateException: broken\nchunk at " + getClass().getName());
        });
    assertThat(written.list.getLast().getKeyValuePairs())
        .extracting(KeyValuePair::toString)
        .containsExactly("channel=\"7\"", "left_out=\"99\"");
  }

  @Test
  void allOfThemTogetherWriteALineASecond() {
    for (String name : RestrainedLogs.LOGGERS) {
      context.getLogger(name).error("failed");
    }

    assertThat(written.list).hasSize(1);
  }

  @Test
  void whereABufferWasLostIsToldInFull() {
    String places = "LEAK: " + "x".repeat(10_000);
    for (int i = 0; i < 2; i++) {
      context.getLogger("io.netty.util.ResourceLeakDetector").error(places);
    }

    assertThat(written.list)
        .extracting(ILoggingEvent::getFormattedMessage)
        .containsExactly(places, places);
  }

  @Test
  void ourOwnLoggersAreLeftAlone() {
    Logger logger = context.getLogger("dev.slipway.web.ProblemHandler");

    logger.error("failed", new IllegalStateException());
    logger.error("failed", new IllegalStateException());

    assertThat(written.list)
        .hasSize(2)
        .allSatisfy(line -> assertThat(line.getThrowableProxy()).isNotNull());
  }
}
