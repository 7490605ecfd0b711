package dev.slipway.localgithub.repository;

import dev.slipway.localgithub.git.PushRules;
import dev.slipway.localgithub.git.RefUpdate;
import dev.slipway.localgithub.store.Documents;
import dev.slipway.localgithub.store.Key;
import dev.slipway.localgithub.store.Store;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongFunction;
import java.util.stream.Collectors;

/// All protected branches, and all rulesets.
public final class Protections {
  static final String BRANCHES = "refs/heads/";

  private final Documents<Protection> all;
  private final Documents<Ruleset> rulesets;
  private final Store store;

  public Protections(Store store) {
    this.store = store;
    all = store.documents("protection", Protection.class);
    rulesets = store.documents("ruleset", Ruleset.class);
  }

  public Optional<Protection> find(long repository, String branch) {
    return all.of(repository).stream().filter(each -> each.branch().equals(branch)).findFirst();
  }

  List<Protection> of(long repository) {
    return all.of(repository);
  }

  /// Protects a branch, or protects it otherwise than before.
  ///
  /// @param maker of the protection with an id
  Protection put(long repository, String branch, LongFunction<Protection> maker) {
    Protection made =
        maker.apply(find(repository, branch).map(Protection::id).orElseGet(store::nextId));
    all.put(new Key(repository, made.id()), made);
    return made;
  }

  boolean remove(long repository, String branch) {
    return find(repository, branch)
        .map(found -> all.remove(new Key(repository, found.id())))
        .orElse(false);
  }

  List<Ruleset> rulesets(long repository) {
    return rulesets.of(repository);
  }

  Ruleset add(long repository, LongFunction<Ruleset> maker) {
    Ruleset made = maker.apply(store.nextId());
    rulesets.put(new Key(repository, made.id()), made);
    return made;
  }

  void remove(long repository, Ruleset ruleset) {
    boolean _ = rulesets.remove(new Key(repository, ruleset.id()));
  }

  /// What may not be done.
  ///
  /// @param updates what somebody wants to change
  public PushRules rules(Repository repository, List<RefUpdate> updates) {
    Set<String> deleted =
        updates.stream()
            .filter(RefUpdate::isDeletion)
            .map(RefUpdate::ref)
            .collect(Collectors.toSet());
    Map<String, String> refused = new HashMap<>();
    Set<String> forwardOnly = new HashSet<>();
    for (Protection protection : all.of(repository.id())) {
      String ref = BRANCHES + protection.branch();
      if (deleted.contains(ref)) {
        if (!protection.takesDeletion()) {
          refused.put(ref, "Cannot delete this branch");
        }
      } else if (protection.refusal().isPresent()) {
        refused.put(ref, protection.refusal().get());
      } else if (!protection.takesForce()) {
        forwardOnly.add(ref);
      }
    }
    return new PushRules(refused, forwardOnly, violated(repository, updates), true);
  }

  private Map<String, String> violated(Repository repository, List<RefUpdate> updates) {
    Map<String, String> violated = new HashMap<>();
    for (Ruleset ruleset : rulesets.of(repository.id())) {
      for (RefUpdate update : updates) {
        ruleset
            .refusal(update, repository.defaultBranch())
            .ifPresent(reason -> violated.putIfAbsent(update.ref(), reason));
      }
    }
    return violated;
  }

  /// What a branch asks of a merge.
  ///
  /// @param refusal why it takes none at all
  /// @param approvals how many it needs
  /// @param checks that must have gone well
  public record Demands(Optional<String> refusal, int approvals, List<String> checks) {
    public Demands {
      checks = List.copyOf(checks);
    }
  }

  public Optional<Demands> demands(long repository, String branch) {
    return find(repository, branch)
        .map(protection ->
            new Demands(
                protection.locked() || protection.restricted()
                    ? protection.refusal()
                    : Optional.empty(),
                Optional.ofNullable(protection.reviews()).orElse(0),
                Optional.ofNullable(protection.checks()).orElseGet(List::of)));
  }
}
