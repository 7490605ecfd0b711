package dev.slipway.localgithub.pull;

import dev.slipway.localgithub.api.Call;
import dev.slipway.localgithub.api.Refusals;
import dev.slipway.localgithub.repository.Repository;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/// Which pull requests are asked for, and in which order.
///
/// @param head `owner:branch`; anything else is ignored, as GitHub does
record PullQuery(
    String state, Optional<String> head, Optional<String> base, String sort, boolean ascending) {
  private static final Set<String> STATES = Set.of("open", "closed", "all");
  private static final Set<String> SORTS =
      Set.of("created", "updated", "popularity", "long-running");
  private static final Set<String> DIRECTIONS = Set.of("asc", "desc");

  static PullQuery of(Call call) {
    String sort = known(call, "sort", SORTS, "created");
    return new PullQuery(
        known(call, "state", STATES, "open"),
        call.query("head").filter(head -> head.indexOf(':') > 0),
        call.query("base"),
        sort,
        known(call, "direction", DIRECTIONS, sort.equals("created") ? "desc" : "asc")
            .equals("asc"));
  }

  private static String known(Call call, String name, Set<String> known, String absent) {
    String value = call.query(name).orElse(absent).toLowerCase(Locale.ROOT);
    if (!known.contains(value)) {
      throw Refusals.invalid("PullRequest", name, "invalid");
    }
    return value;
  }

  List<PullRequest> select(List<PullRequest> all, Repository repository) {
    Comparator<PullRequest> order =
        switch (sort) {
          case "updated" ->
              Comparator.comparing(PullRequest::updatedAt).thenComparingLong(PullRequest::number);
          default -> Comparator.comparingLong(PullRequest::number);
        };
    return all.stream()
        .filter(pull -> state.equals("all") || state.equals("open") == pull.isOpen())
        .filter(pull -> head.isEmpty() || isHead(head.get(), pull, repository))
        .filter(pull -> base.isEmpty() || base.get().equals(pull.base().ref()))
        .sorted(ascending ? order : order.reversed())
        .toList();
  }

  private static boolean isHead(String head, PullRequest pull, Repository repository) {
    int colon = head.indexOf(':');
    String owner = Heads.holder(repository, pull.identity().fork()).login();
    return head.substring(0, colon).equalsIgnoreCase(owner)
        && head.substring(colon + 1).equals(pull.head().ref());
  }
}
