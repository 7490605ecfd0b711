package dev.slipway.locale2b.control;

import dev.slipway.locale2b.box.Limits;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;

/// What sandboxes are made of, and how many there may be.
///
/// @param templates folder whose folders are the templates; `base` need not be there
/// @param limits of each sandbox
/// @param most that run at the same time
/// @param longest that a session may last
/// @param volumes folders of this machine that may be mounted, by name
public record SandboxSettings(
    Path templates, Limits limits, int most, Duration longest, Map<String, Path> volumes) {
  public SandboxSettings {
    volumes = Map.copyOf(volumes);
  }
}
