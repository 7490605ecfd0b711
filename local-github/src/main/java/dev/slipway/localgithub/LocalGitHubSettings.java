package dev.slipway.localgithub;

import java.nio.file.Path;
import java.util.regex.Pattern;

/// How a local GitHub runs.
///
/// @param port to listen on, 0 for any free one
/// @param token of its one user, `slipway`, who may everything
/// @param directory of its state, this server's alone
/// @param requests that a caller may make in an hour. GitHub's own number, 5,000, and a long run of
///   many tasks is cut off in the middle
public record LocalGitHubSettings(int port, String token, Path directory, int requests) {
  private static final Pattern TOKEN = Pattern.compile("[A-Za-z0-9._-]{20,1024}");
  private static final int HIGHEST_PORT = 65_535;

  /// So many that nobody notices.
  public static final int MANY_REQUESTS = 1_000_000;

  public LocalGitHubSettings {
    if (port < 0 || port > HIGHEST_PORT) {
      throw new IllegalArgumentException("port " + port + " is not between 0 and 65535");
    }
    if (!TOKEN.matcher(token).matches()) {
      throw new IllegalArgumentException(
          "a token is 20 letters, digits, `.`, `_` and `-` at least");
    }
    if (requests < 1) {
      throw new IllegalArgumentException("requests must be 1 at least, not " + requests);
    }
  }

  /// Leaves out the token.
  @Override
  public String toString() {
    return "LocalGitHubSettings[port=%d, directory=%s]".formatted(port, directory);
  }
}
