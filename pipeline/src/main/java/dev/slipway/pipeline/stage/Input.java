package dev.slipway.pipeline.stage;

import dev.slipway.pipeline.core.AggregateId;
import dev.slipway.pipeline.core.Link;
import java.util.Set;

/// What a record says, and to whom.
///
/// @param value what is decided on
public record Input<I>(Target target, I value) {
  /// To the aggregate with this id.
  public static <I> Input<I> to(String tenant, String key, I value) {
    return new Input<>(new Target.Aggregate(new AggregateId(tenant, key)), value);
  }

  /// To whoever has the link: none, one or several.
  public static <I> Input<I> toLinked(Link link, I value) {
    return toLinked(Set.of(link), value);
  }

  /// To whoever has one of the links: none, one or several, each once.
  public static <I> Input<I> toLinked(Set<Link> links, I value) {
    return new Input<>(new Target.Linked(links), value);
  }

  /// Whom it is for.
  public sealed interface Target {
    /// One aggregate, whether or not it is there yet.
    record Aggregate(AggregateId id) implements Target {}

    /// Whoever has one of the links when the record is settled.
    record Linked(Set<Link> links) implements Target {
      public Linked {
        links = Set.copyOf(links);
      }
    }
  }
}
