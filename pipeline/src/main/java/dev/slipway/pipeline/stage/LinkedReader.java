package dev.slipway.pipeline.stage;

import dev.slipway.pipeline.core.Link;
import dev.slipway.pipeline.database.Flight;
import dev.slipway.pipeline.database.Flight.Answer;
import java.util.Collection;
import java.util.List;

/// Reads the other side of links: what came about before the link was there, and so reached nobody.
@FunctionalInterface
public interface LinkedReader<I> {
  /// Adds a statement that reads the rows that these links lead to.
  ///
  /// @return for each row what the aggregate that has the link is told
  Answer<List<Found<I>>> read(Flight flight, Collection<Link> links);

  /// What stands on the other side of a link.
  record Found<I>(Link link, I input) {}
}
