package dev.slipway.pipeline.live;

/// Logins and names of repositories, in the form in which they are compared.
public final class GitHubNames {
  private static final int TO_LOWER_CASE = 'a' - 'A';

  private GitHubNames() {}

  /// A name with its letters A to Z in lower case and everything else as it is.
  ///
  /// GitHub takes names in any case, and they are ASCII. Unicode's rules would fold more: the
  /// Kelvin sign is a `k` to them, so that a name which merely looks like another would be taken
  /// for it.
  public static String folded(String name) {
    char[] chars = name.toCharArray();
    for (int i = 0; i < chars.length; i++) {
      if (chars[i] >= 'A' && chars[i] <= 'Z') {
        chars[i] = (char) (chars[i] + TO_LOWER_CASE);
      }
    }
    return new String(chars);
  }
}
