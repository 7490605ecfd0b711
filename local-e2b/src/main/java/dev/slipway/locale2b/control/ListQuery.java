package dev.slipway.locale2b.control;

import dev.slipway.locale2b.control.Life.State;
import dev.slipway.localserver.Exchange;
import dev.slipway.localserver.RefusedException;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/// Which sandboxes a list is to have.
///
/// @param startedAfter inclusive
record ListQuery(
    MetadataFilter metadata,
    Set<State> states,
    Optional<Instant> startedAfter,
    Optional<String> template,
    boolean descending,
    int limit,
    Optional<PageToken> after) {
  private static final int LONGEST = 100;

  /// What a list tells apart.
  record Listed(
      String id, String template, Map<String, String> metadata, State state, Instant startedAt) {}

  /// A page of a list.
  ///
  /// @param next empty on the last
  /// @param totalRunning on all pages
  record Page<T>(List<T> items, Optional<PageToken> next, long totalRunning) {}

  static ListQuery of(Exchange exchange) {
    boolean descending = isDescending(exchange.query("order").orElse("desc"));
    return new ListQuery(
        MetadataFilter.parse(exchange.query("metadata")),
        states(exchange.query("state").orElse("")),
        exchange.query("startedAfter").map(ListQuery::instant),
        exchange.query("template").filter(template -> !template.isEmpty()),
        descending,
        limit(exchange.query("limit")),
        exchange
            .query("nextToken")
            .filter(token -> !token.isEmpty())
            .map(token -> PageToken.parse(token, descending)));
  }

  private static boolean isDescending(String order) {
    return switch (order) {
      case "desc" -> true;
      case "asc" -> false;
      default -> throw new RefusedException(400, "order must be asc or desc");
    };
  }

  static Set<State> states(String parameter) {
    if (parameter.isEmpty()) {
      return EnumSet.allOf(State.class);
    }
    Set<State> states = EnumSet.noneOf(State.class);
    for (String name : parameter.split(",", -1)) {
      switch (name) {
        case "running" -> states.add(State.RUNNING);
        case "paused" -> states.add(State.PAUSED);
        default ->
            throw new RefusedException(
                400, "state must be running or paused, not " + name.toLowerCase(Locale.ROOT));
      }
    }
    return states;
  }

  private static Instant instant(String text) {
    try {
      return OffsetDateTime.parse(text).toInstant();
    } catch (DateTimeException _) {
      throw new RefusedException(400, "startedAfter must be a time as in RFC 3339");
    }
  }

  private static int limit(Optional<String> parameter) {
    try {
      int limit = parameter.map(Integer::parseInt).orElse(LONGEST);
      if (limit >= 1 && limit <= LONGEST) {
        return limit;
      }
    } catch (NumberFormatException _) {
      // said below
    }
    throw new RefusedException(400, "limit must be a number from 1 to 100");
  }

  /// The page of all sandboxes that this asks for.
  <T> Page<T> page(List<T> all, Function<T, Listed> facts) {
    Comparator<Listed> byTime = Comparator.comparing(Listed::startedAt);
    Comparator<Listed> order = (descending ? byTime.reversed() : byTime).thenComparing(Listed::id);
    List<T> matches =
        all.stream()
            .filter(one -> admits(facts.apply(one)))
            .sorted((a, b) -> order.compare(facts.apply(a), facts.apply(b)))
            .toList();
    List<T> rest = matches.stream().filter(one -> isBehind(facts.apply(one), order)).toList();
    List<T> items = rest.subList(0, Math.min(limit, rest.size()));
    Optional<PageToken> next =
        items.size() == rest.size()
            ? Optional.empty()
            : Optional.of(facts.apply(items.getLast()))
                .map(last -> new PageToken(descending, last.startedAt(), last.id()));
    long running =
        matches.stream().filter(one -> facts.apply(one).state() == State.RUNNING).count();
    return new Page<>(items, next, running);
  }

  private boolean admits(Listed one) {
    return states.contains(one.state())
        && metadata.admits(one.metadata())
        && startedAfter.map(from -> !one.startedAt().isBefore(from)).orElse(true)
        && template.map(one.template()::equals).orElse(true);
  }

  private boolean isBehind(Listed one, Comparator<Listed> order) {
    return after
        .map(token ->
            order.compare(
                    one, new Listed(token.id(), "", Map.of(), State.RUNNING, token.startedAt()))
                > 0)
        .orElse(true);
  }
}
