package dev.slipway.embedded;

import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.LifecycleMethodExecutionExceptionHandler;
import org.junit.jupiter.api.extension.TestExecutionExceptionHandler;
import org.opentest4j.TestAbortedException;

/// Keeps a skipped test skipped where its server was asked for by something in between, which wraps
/// the reason, or where it is torn down without having been set up. JUnit detects this where
/// `-Pcontainers` has it do so.
public final class SharedSkips
    implements TestExecutionExceptionHandler, LifecycleMethodExecutionExceptionHandler {
  @Override
  public void handleTestExecutionException(ExtensionContext context, Throwable failure)
      throws Throwable {
    throw skip(failure).orElse(failure);
  }

  @Override
  public void handleBeforeAllMethodExecutionException(ExtensionContext context, Throwable failure)
      throws Throwable {
    throw skip(failure).orElse(failure);
  }

  @Override
  public void handleBeforeEachMethodExecutionException(ExtensionContext context, Throwable failure)
      throws Throwable {
    throw skip(failure).orElse(failure);
  }

  @Override
  public void handleAfterEachMethodExecutionException(ExtensionContext context, Throwable failure)
      throws Throwable {
    throw earlier(context).orElse(failure);
  }

  @Override
  public void handleAfterAllMethodExecutionException(ExtensionContext context, Throwable failure)
      throws Throwable {
    throw earlier(context).orElse(failure);
  }

  private static Optional<Throwable> earlier(ExtensionContext context) {
    return context.getExecutionException().flatMap(SharedSkips::skip);
  }

  private static Optional<Throwable> skip(Throwable failure) {
    return Stream.iterate(failure, cause -> cause != null, Throwable::getCause)
        .filter(TestAbortedException.class::isInstance)
        .findFirst();
  }
}
