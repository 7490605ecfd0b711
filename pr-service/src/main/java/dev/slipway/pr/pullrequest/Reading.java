package dev.slipway.pr.pullrequest;

import java.util.List;

/// What was read of a payload.
public sealed interface Reading {
  /// Something of it is of another type than documented.
  Reading WRONG_TYPE = new Incomplete("wrong_type");

  /// What it says; nothing where it lacks something.
  List<Fact> facts();

  /// These facts; none for kinds of events that tell nothing of pull requests.
  record Facts(List<Fact> facts) implements Reading {
    public Facts {
      facts = List.copyOf(facts);
    }
  }

  /// It lacks what its kind must have, or has that in another type.
  ///
  /// @param reason a stable code, such as `no_pull_request`
  record Incomplete(String reason) implements Reading {
    @Override
    public List<Fact> facts() {
      return List.of();
    }
  }
}
