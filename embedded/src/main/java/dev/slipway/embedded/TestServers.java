package dev.slipway.embedded;

import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Assumptions;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Where Kafka and PostgreSQL of this JVM's tests run.
///
/// | `-Pcontainers` | an engine answers | |
/// |---|---|---|
/// | no | not asked | [#EMBEDDED] |
/// | yes | yes | [#CONTAINERS] |
/// | yes | no | [#NOWHERE] |
enum TestServers {
  /// Kafka in this JVM, PostgreSQL as its child.
  EMBEDDED,

  /// The images that Compose runs.
  CONTAINERS,

  /// Containers were asked for, and no engine runs them: a test that passed on something else would
  /// be taken for a proof, so tests are skipped.
  NOWHERE;

  /// Set by Maven's profile `containers`.
  static final String ASKED = "slipway.test.containers";

  static final String NO_ENGINE =
      "no container engine answers: tests that need Kafka or Postgres from one are skipped";

  private static final Logger log = LoggerFactory.getLogger(TestServers.class);

  /// The choice; the engine is looked for only when containers are asked for.
  static TestServers choose(boolean containersAsked, BooleanSupplier engine) {
    if (!containersAsked) {
      return EMBEDDED;
    }
    return engine.getAsBoolean() ? CONTAINERS : NOWHERE;
  }

  /// Whether this JVM's tests run on containers.
  ///
  /// @throws org.opentest4j.TestAbortedException when they run nowhere
  static boolean inContainersOrSkip() {
    return switch (Holder.CHOSEN) {
      case EMBEDDED -> false;
      case CONTAINERS -> true;
      case NOWHERE -> Assumptions.abort(NO_ENGINE);
    };
  }

  private static final class Holder {
    static final TestServers CHOSEN =
        choose(Boolean.getBoolean(ASKED), ContainerServers::engineAnswers);

    static {
      if (CHOSEN == NOWHERE) {
        log.warn(NO_ENGINE);
      }
    }
  }
}
