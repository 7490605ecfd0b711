package dev.slipway.localgithub;

import dev.slipway.localserver.Place;
import java.nio.file.Path;
import java.util.regex.Pattern;

/// How a local GitHub runs.
///
/// @param place where it listens
/// @param token of its one user, `slipway`, who may everything
/// @param directory of its state, this server's alone
/// @param requests that a caller may make in an hour. GitHub's own number, 5,000, and a long run of
///   many tasks is cut off in the middle
public record LocalGitHubSettings(Place place, String token, Path directory, int requests) {
  private static final Pattern TOKEN = Pattern.compile("[A-Za-z0-9._-]{20,1024}");

  /// So many that nobody notices.
  public static final int MANY_REQUESTS = 1_000_000;

  public LocalGitHubSettings {
    if (!TOKEN.matcher(token).matches()) {
      throw new IllegalArgumentException(
          "a token is 20 letters, digits, `.`, `_` and `-` at least");
    }
    if (requests < 1) {
      throw new IllegalArgumentException("requests must be 1 at least, not " + requests);
    }
  }

  /// On this machine alone.
  ///
  /// @param port to listen on, 0 for any free one
  public LocalGitHubSettings(int port, String token, Path directory, int requests) {
    this(Place.local(port), token, directory, requests);
  }

  /// Leaves out the token.
  @Override
  public String toString() {
    return "LocalGitHubSettings[place=%s, directory=%s]".formatted(place, directory);
  }
}
