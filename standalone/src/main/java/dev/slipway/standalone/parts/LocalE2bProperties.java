package dev.slipway.standalone.parts;

import dev.slipway.locale2b.LocalE2bSettings;
import dev.slipway.locale2b.box.Limits;
import dev.slipway.locale2b.box.NetworkSettings;
import dev.slipway.localserver.Place;
import dev.slipway.pipeline.security.InvalidSettingException;
import dev.slipway.standalone.directory.DataDirectory;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.bind.BindException;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.util.unit.DataSize;

/// How the local E2B server runs, as far as it is up to whoever starts it: `slipway.local-e2b`, in
/// the environment `SLIPWAY_LOCALE2B_MEMORY` and so on. What is out of bounds is refused by
/// [LocalE2bSettings] and [Limits], where the bounds are explained.
///
/// @param templates folder of templates (`templates` in the data directory)
/// @param memory of one sandbox
/// @param cpus of one sandbox
/// @param processes of one sandbox
/// @param disk of one sandbox
/// @param most sandboxes that run at the same time
/// @param longest that a sandbox may live without a pause
/// @param volumes folders of this machine that sandboxes may mount, by name
/// @param ports that sandboxes may reach outside
/// @param allowed what they may reach though it is not out in the world for everybody, see
///   [NetworkSettings]
record LocalE2bProperties(
    @Nullable Path templates,
    @DefaultValue("1GB") DataSize memory,
    @DefaultValue("2") double cpus,
    @DefaultValue("512") int processes,
    @DefaultValue("4GB") DataSize disk,
    @DefaultValue("250") int most,
    @DefaultValue("24h") Duration longest,
    @DefaultValue Map<String, Path> volumes,
    @DefaultValue({"80", "443"}) Set<Integer> ports,
    @DefaultValue List<String> allowed) {
  private static final String PREFIX = "slipway.local-e2b";

  /// What the environment and the system properties say.
  static LocalE2bProperties read() {
    try {
      return Binder.get(new StandardEnvironment()).bindOrCreate(PREFIX, LocalE2bProperties.class);
    } catch (BindException e) {
      throw new InvalidSettingException(PREFIX + " cannot be read: " + e.getMessage());
    }
  }

  NetworkSettings network() {
    try {
      return new NetworkSettings(
          ports, allowed, NetworkSettings.DEFAULT.connections(), NetworkSettings.DEFAULT.idle());
    } catch (IllegalArgumentException e) {
      throw new InvalidSettingException(PREFIX + ": " + e.getMessage());
    }
  }

  LocalE2bSettings settings(DataDirectory directory, Place place) {
    try {
      return new LocalE2bSettings(
          place,
          directory.e2bApiKey(),
          directory.folder("sandboxes"),
          Optional.ofNullable(templates).orElseGet(() -> directory.folder("templates")),
          new Limits(memory.toBytes(), cpus, processes, disk.toBytes()),
          most,
          longest,
          volumes);
    } catch (IllegalArgumentException e) {
      throw new InvalidSettingException(PREFIX + ": " + e.getMessage());
    }
  }
}
