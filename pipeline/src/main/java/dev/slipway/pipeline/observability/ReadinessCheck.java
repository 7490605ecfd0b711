package dev.slipway.pipeline.observability;

import java.util.Comparator;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import reactor.core.publisher.Mono;

/// One thing that a service needs before it can do its work. Services contribute them as beans;
/// `/readyz` asks all of them.
///
/// @param part what it is about; of several checks of one part the worst finding counts
/// @param remedy what is said when the check fails, or has no answer within two seconds: a sentence
///   that says what is wrong and what to do
/// @param finding how the part is now; must not block
public record ReadinessCheck(Part part, String remedy, Mono<Finding> finding) {

  /// A check that knows its answer without asking anybody.
  ///
  /// @param finding must not block
  public static ReadinessCheck of(Part part, Supplier<Finding> finding) {
    String broken = "The check of %s fails by a bug: see the log.".formatted(part.key());
    return new ReadinessCheck(part, broken, Mono.fromSupplier(finding));
  }

  /// A check of something that works or does not.
  ///
  /// @param up must not block
  public static ReadinessCheck upWhen(Part part, String remedy, BooleanSupplier up) {
    return new ReadinessCheck(
        part,
        remedy,
        Mono.fromSupplier(() -> up.getAsBoolean() ? Finding.up() : Finding.down(remedy)));
  }

  /// The keys of `/readyz`, in its order.
  public enum Part {
    KAFKA("kafka"),
    REGISTRY("registry"),
    DATABASE("database"),
    STAGES("stages"),
    DISK("disk");

    private final String key;

    Part(String key) {
      this.key = key;
    }

    public String key() {
      return key;
    }
  }

  /// How a part is, from the one that is least to say about to the worst.
  public enum Status {
    /// The service does not need this part.
    NOT_USED,
    UP,
    /// Away or damaged, but what is served now does not need it.
    DEGRADED,
    DOWN
  }

  /// What a check found.
  ///
  /// @param detail a sentence with the remedy where the status is [Status#DOWN] or
  ///   [Status#DEGRADED], else empty
  public record Finding(Status status, String detail) {
    public static Finding up() {
      return new Finding(Status.UP, "");
    }

    public static Finding degraded(String detail) {
      return new Finding(Status.DEGRADED, detail);
    }

    public static Finding down(String detail) {
      return new Finding(Status.DOWN, detail);
    }

    /// What several findings come to: the worst status, and what each of them says.
    public static Finding worstOf(List<Finding> findings) {
      Status worst =
          findings.stream()
              .map(Finding::status)
              .max(Comparator.naturalOrder())
              .orElse(Status.NOT_USED);
      String details =
          findings.stream()
              .map(Finding::detail)
              .filter(detail -> !detail.isEmpty())
              .distinct()
              .collect(Collectors.joining(" "));
      return new Finding(worst, details);
    }

    public static Finding notUsed() {
      return new Finding(Status.NOT_USED, "");
    }
  }
}
