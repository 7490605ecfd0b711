package dev.slipway.standalone.parts;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.encoder.PatternLayoutEncoder;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.ConsoleAppender;
import ch.qos.logback.core.rolling.FixedWindowRollingPolicy;
import ch.qos.logback.core.rolling.RollingFileAppender;
import ch.qos.logback.core.rolling.SizeBasedTriggeringPolicy;
import ch.qos.logback.core.util.FileSize;
import dev.slipway.pipeline.observability.RestrainedLogs;
import dev.slipway.pipeline.security.SecretFiles;
import java.nio.file.Path;
import java.util.Map;
import org.slf4j.LoggerFactory;
import org.slf4j.bridge.SLF4JBridgeHandler;
import org.springframework.boot.logging.LoggingSystem;
import org.springframework.boot.logging.logback.StructuredLogEncoder;
import org.springframework.core.env.Environment;
import org.springframework.core.env.StandardEnvironment;

/// Sends all logging of this JVM to one file, a JSON object a line, from the first line on: the
/// embedded broker logs before there is a Spring context, and standard output belongs to people.
public final class LogFile {
  private static final long LARGEST_BYTES = 32L * 1024 * 1024;
  private static final int KEPT = 4;

  /// Kafka's server tells at INFO what each partition does.
  private static final Map<String, Level> LEVELS =
      Map.of(
          "kafka", Level.WARN,
          "org.apache.kafka", Level.WARN,
          "reactor.netty", Level.ERROR,
          "state.change.logger", Level.WARN);

  private LogFile() {}

  /// Keeps the logging of short commands away from what they print.
  public static void none() {
    LoggerContext context = (LoggerContext) LoggerFactory.getILoggerFactory();
    context.reset();
    context.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME).setLevel(Level.OFF);
    tellOnTerminal(context);
  }

  /// A secret that others can read concerns whoever started this, and nobody looks into a log that
  /// seems to be in order.
  private static void tellOnTerminal(LoggerContext context) {
    PatternLayoutEncoder encoder = new PatternLayoutEncoder();
    encoder.setContext(context);
    encoder.setPattern("slipway: warning: %msg: %kvp{NONE}%n");
    encoder.start();
    ConsoleAppender<ILoggingEvent> terminal = new ConsoleAppender<>();
    terminal.setContext(context);
    terminal.setTarget("System.err");
    terminal.setEncoder(encoder);
    terminal.start();
    var logger = context.getLogger(SecretFiles.class);
    logger.setLevel(Level.WARN);
    logger.addAppender(terminal);
  }

  /// Begins; called once, before anything else has logged.
  public static void open(Path file) {
    // Spring Boot leaves alone what stands here.
    System.setProperty(LoggingSystem.SYSTEM_PROPERTY, LoggingSystem.NONE);
    LoggerContext context = (LoggerContext) LoggerFactory.getILoggerFactory();
    context.reset();
    context.putObject(Environment.class.getName(), new StandardEnvironment());
    var root = context.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
    root.setLevel(Level.INFO);
    root.addAppender(appender(context, file));
    RestrainedLogs.install();
    tellOnTerminal(context);
    LEVELS.forEach((name, level) -> context.getLogger(name).setLevel(level));
    SLF4JBridgeHandler.removeHandlersForRootLogger();
    SLF4JBridgeHandler.install();
  }

  private static RollingFileAppender<ILoggingEvent> appender(LoggerContext context, Path file) {
    StructuredLogEncoder encoder = new StructuredLogEncoder();
    encoder.setContext(context);
    encoder.setFormat("ecs");
    encoder.start();

    RollingFileAppender<ILoggingEvent> appender = new RollingFileAppender<>();
    appender.setContext(context);
    appender.setFile(file.toString());
    appender.setEncoder(encoder);

    FixedWindowRollingPolicy rolling = new FixedWindowRollingPolicy();
    rolling.setContext(context);
    rolling.setParent(appender);
    rolling.setFileNamePattern(file + ".%i");
    rolling.setMaxIndex(KEPT);
    rolling.start();
    SizeBasedTriggeringPolicy<ILoggingEvent> trigger = new SizeBasedTriggeringPolicy<>();
    trigger.setContext(context);
    trigger.setMaxFileSize(new FileSize(LARGEST_BYTES));
    trigger.start();

    appender.setRollingPolicy(rolling);
    appender.setTriggeringPolicy(trigger);
    appender.start();
    return appender;
  }
}
