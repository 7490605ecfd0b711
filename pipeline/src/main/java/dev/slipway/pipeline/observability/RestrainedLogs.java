package dev.slipway.pipeline.observability;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.IThrowableProxy;
import ch.qos.logback.classic.spi.LoggingEvent;
import ch.qos.logback.core.AppenderBase;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;
import org.slf4j.event.KeyValuePair;

/// Restrains the loggers of what reads bytes from the network before any of our code does: whoever
/// reaches a port can make them speak, often with a stack trace. All of them together write at most
/// one line a second, which says what failed and where in one line, and how many were left out.
public final class RestrainedLogs {
  static final List<String> LOGGERS =
      List.of(
          "io.netty",
          "reactor",
          "org.springframework.http",
          "org.springframework.security",
          "org.springframework.web",
          "kafka.network",
          "kafka.server.KafkaApis",
          "org.apache.kafka.common.network",
          "org.apache.kafka.common.security",
          "org.apache.kafka.network");

  private RestrainedLogs() {}

  /// Begins, once the appenders of the root logger are there. Doing it again changes nothing.
  public static void install() {
    if (LoggerFactory.getILoggerFactory() instanceof LoggerContext context) {
      install(context, new LogPace());
    }
  }

  static void install(LoggerContext context, LogPace pace) {
    Restraint restraint = new Restraint(context.getLogger(Logger.ROOT_LOGGER_NAME), pace);
    restraint.setContext(context);
    restraint.start();
    for (String name : LOGGERS) {
      Logger logger = context.getLogger(name);
      if (logger.getAppender(Restraint.NAME) == null) {
        logger.addAppender(restraint);
        logger.setAdditive(false);
      }
    }
  }

  private static final class Restraint extends AppenderBase<ILoggingEvent> {
    static final String NAME = "restraint";

    /// A buffer that nobody released is a bug of ours, and each place is told once.
    private static final String LEAKS = "io.netty.util.ResourceLeakDetector";

    private static final int LONGEST_TEXT = 300;

    private final Logger root;
    private final LogPace pace;
    private final AtomicLong leftOut = new AtomicLong();

    Restraint(Logger root, LogPace pace) {
      this.root = root;
      this.pace = pace;
      super.setName(NAME);
    }

    @Override
    protected void append(ILoggingEvent event) {
      if (event.getLoggerName().equals(LEAKS)) {
        root.callAppenders(event);
      } else if (pace.mayLog()) {
        root.callAppenders(inOneLine(event, leftOut.getAndSet(0)));
      } else {
        leftOut.incrementAndGet();
      }
    }

    private static ILoggingEvent inOneLine(ILoggingEvent event, long leftOut) {
      LoggingEvent line = new LoggingEvent();
      line.setInstant(event.getInstant());
      line.setLevel(event.getLevel());
      line.setLoggerName(event.getLoggerName());
      line.setThreadName(event.getThreadName());
      line.setMDCPropertyMap(Map.of());
      line.setMessage(cut(event.getFormattedMessage()));
      @Nullable List<KeyValuePair> pairs = event.getKeyValuePairs();
      if (pairs != null) {
        pairs.forEach(line::addKeyValuePair);
      }
      @Nullable IThrowableProxy failure = event.getThrowableProxy();
      if (failure != null) {
        line.addKeyValuePair(new KeyValuePair("cause", cut(describe(failure))));
      }
      if (leftOut > 0) {
        line.addKeyValuePair(new KeyValuePair("left_out", leftOut));
      }
      return line;
    }

    private static String describe(IThrowableProxy failure) {
      var trace = failure.getStackTraceElementProxyArray();
      return failure.getClassName()
          + ": "
          + failure.getMessage()
          + (trace.length == 0 ? "" : " " + trace[0].getSTEAsString());
    }

    private static String cut(String text) {
      return text.length() > LONGEST_TEXT ? text.substring(0, LONGEST_TEXT) + "…" : text;
    }
  }
}
