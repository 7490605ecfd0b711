package dev.slipway.pr.pullrequest;

/// The newest snapshots of a pull request. Of several with the same key it keeps the greatest and
/// the least standing: when they differ, nobody can tell from them which came last.
///
/// @param details of the greatest standing
record Core(SnapshotKey key, Standing greatest, Standing least, Details details) {
  static Core of(Snapshot snapshot) {
    return new Core(snapshot.key(), snapshot.standing(), snapshot.standing(), snapshot.details());
  }

  /// With what another snapshot says: commutative, associative and idempotent.
  Core with(Snapshot snapshot) {
    int newer = snapshot.key().compareTo(key);
    if (newer != 0) {
      return newer > 0 ? of(snapshot) : this;
    }
    Standing lower = snapshot.standing().compareTo(least) < 0 ? snapshot.standing() : least;
    int greater = snapshot.standing().compareTo(greatest);
    if (greater > 0) {
      return new Core(key, snapshot.standing(), lower, snapshot.details());
    }
    return new Core(
        key,
        greatest,
        lower,
        greater == 0 && snapshot.details().compareTo(details) > 0 ? snapshot.details() : details);
  }

  /// Whether the API has to be asked for what deliveries cannot tell.
  boolean isAmbiguous() {
    return !greatest.equals(least) || greatest.contradictory();
  }
}
