package dev.slipway.pipeline.core;

import java.util.regex.Pattern;

/// Names of branches, as `git check-ref-format` has them, and nothing that is an option, a revision
/// or a pattern to whatever handles them.
public final class BranchName {
  /// The most characters that a name may have.
  public static final int LONGEST = 200;

  private static final Pattern NAME =
      Pattern.compile(
          "(?!.*(\\.\\.|@\\{|//|/\\.|\\.lock(/|$)))[^\\x00-\\x20\\x7f~^:?*\\[\\\\./-][^\\x00-\\x20\\x7f~^:?*\\[\\\\]*(?<![./])");

  private BranchName() {}

  /// Whether a text names a branch.
  public static boolean isOne(String text) {
    return text.length() <= LONGEST
        && NAME.matcher(text).matches()
        && !text.equals("HEAD")
        && !text.equals("@")
        && text.codePoints().noneMatch(c -> c >= 0xD800 && c <= 0xDFFF); // half of a pair
  }
}
