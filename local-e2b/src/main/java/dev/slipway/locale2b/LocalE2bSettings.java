package dev.slipway.locale2b;

import dev.slipway.locale2b.box.Limits;
import dev.slipway.localserver.Place;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.regex.Pattern;

/// How a local E2B server runs.
///
/// @param place where it listens
/// @param apiKey that clients must have: `e2b_` and 40 hex digits
/// @param directory of the sandboxes' files, this server's alone
/// @param templates folder whose folders are templates; it need not exist
/// @param limits of each sandbox: see [Limits]
/// @param most sandboxes that run at the same time. Too few, and creations are refused (429); too
///   many, and they take the machine's memory together
/// @param longest that a sandbox may be asked to live; shorter than what work takes, and it is cut
///   off in the middle
/// @param volumes folders of this machine that sandboxes may mount, by name
public record LocalE2bSettings(
    Place place,
    String apiKey,
    Path directory,
    Path templates,
    Limits limits,
    int most,
    Duration longest,
    Map<String, Path> volumes) {
  private static final Pattern API_KEY = Pattern.compile("e2b_[0-9a-f]{40}");
  private static final int DEFAULT_MOST = 100;
  private static final int HIGHEST_MOST = 10_000;
  private static final Duration DEFAULT_LONGEST = Duration.ofHours(24);

  public LocalE2bSettings {
    if (!API_KEY.matcher(apiKey).matches()) {
      throw new IllegalArgumentException("an API key is `e2b_` and 40 hex digits");
    }
    if (most < 1 || most > HIGHEST_MOST) {
      throw new IllegalArgumentException("most must be from 1 to 10000, not " + most);
    }
    if (longest.compareTo(Duration.ofSeconds(1)) < 0) {
      throw new IllegalArgumentException("longest must be a second at least");
    }
    volumes = Map.copyOf(volumes);
  }

  /// The settings that a machine for one developer has.
  public static LocalE2bSettings of(int port, String apiKey, Path directory, Path templates) {
    return new LocalE2bSettings(
        Place.local(port),
        apiKey,
        directory,
        templates,
        Limits.DEFAULT,
        DEFAULT_MOST,
        DEFAULT_LONGEST,
        Map.of());
  }

  /// Leaves out the key.
  @Override
  public String toString() {
    return "LocalE2bSettings[place=%s, directory=%s, templates=%s]"
        .formatted(place, directory, templates);
  }
}
