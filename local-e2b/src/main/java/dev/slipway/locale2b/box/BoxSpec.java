package dev.slipway.locale2b.box;

import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;

/// A box to be made.
///
/// @param id its name: lower-case letters and digits, unique among all that live
/// @param template a directory whose content is copied into the user's home; an empty path for none
/// @param mounts directories of the host that are to be seen in it
public record BoxSpec(
    String id, Path template, NetworkRules network, Limits limits, List<Mount> mounts) {
  /// What an id looks like.
  private static final Pattern ID = Pattern.compile("[a-z0-9]{1,64}");

  public BoxSpec {
    if (!ID.matcher(id).matches()) {
      throw new IllegalArgumentException(
          "\"" + id + "\" is no id of a box: 1 to 64 lower-case letters and digits");
    }
    mounts = List.copyOf(mounts);
  }
}
