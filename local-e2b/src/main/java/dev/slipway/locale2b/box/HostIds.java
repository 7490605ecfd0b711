package dev.slipway.locale2b.box;

/// Who the users of a box are on the host.
///
/// @param areOwn whether they are ids of the box's own that nobody has, so that nothing in it is
///   host root or owner of another box's files; else we ourselves are all that the kernel lets us
///   be, and this is of no account
record HostIds(boolean areOwn, int root, int user) {
  /// Above what distributions, `systemd-nspawn` and subordinate ids take.
  private static final int FIRST = 1_900_000_000;

  private static final int PAIRS = 50_000_000;

  static HostIds own(String installation, String id) {
    int pair = Math.floorMod((installation + "/" + id).hashCode(), PAIRS);
    return new HostIds(true, FIRST + 2 * pair, FIRST + 2 * pair + 1);
  }

  static HostIds ourselves() {
    return new HostIds(false, -1, -1);
  }

  /// The text of `uid_map` and of `gid_map`.
  String map() {
    return BoxUser.ROOT.uid() + " " + root + " 1\n" + BoxUser.USER.uid() + " " + user + " 1\n";
  }
}
