package dev.slipway.locale2b.control;

import dev.slipway.locale2b.box.Limits;
import dev.slipway.locale2b.box.Usage;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/// Writes sandboxes as the control plane's answers have them.
///
/// @param limits of each
record SandboxJson(Limits limits) {
  /// The version of the daemon whose calls are understood.
  static final String ENVD_VERSION = "0.6.13";

  private static final String CLIENT = "local";
  private static final long MIB = 1 << 20;

  /// The answer to who made one, or connects to it.
  Map<String, Object> created(Sandbox sandbox) {
    Map<String, Object> json = ids(sandbox);
    json.put("envdAccessToken", sandbox.token());
    json.put("domain", null);
    return json;
  }

  private static Map<String, Object> ids(Sandbox sandbox) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("sandboxID", sandbox.id());
    json.put("templateID", sandbox.request().template());
    json.put("alias", sandbox.request().template());
    json.put("clientID", CLIENT);
    json.put("envdVersion", ENVD_VERSION);
    return json;
  }

  Map<String, Object> listed(Sandbox sandbox) {
    Life life = sandbox.life();
    Map<String, Object> json = ids(sandbox);
    json.put("startedAt", life.startedAt().toString());
    json.put("endAt", life.endAt().toString());
    json.put("state", life.state().name().toLowerCase(Locale.ROOT));
    json.put("cpuCount", Math.max(1, Math.round(limits.cpus())));
    json.put("memoryMB", limits.memoryBytes() / MIB);
    json.put("diskSizeMB", limits.diskBytes() / MIB);
    json.put("metadata", sandbox.request().metadata());
    json.put(
        "volumeMounts",
        sandbox.request().volumes().stream()
            .map(volume -> Map.of("name", volume.name(), "path", volume.path()))
            .toList());
    return json;
  }

  Map<String, Object> detail(Sandbox sandbox) {
    CreateRequest request = sandbox.request();
    Egress egress = sandbox.egress();
    Map<String, Object> json = listed(sandbox);
    json.put("envdAccessToken", sandbox.token());
    json.put("domain", null);
    json.put("allowInternetAccess", egress.internet().orElse(null));
    json.put("network", Map.of("allowOut", egress.allow(), "denyOut", egress.deny()));
    json.put(
        "lifecycle",
        Map.of(
            "onTimeout",
            request.autoPause() ? "pause" : "kill",
            "autoResume",
            request.autoResume()));
    return json;
  }

  static Map<String, Object> metrics(Usage usage, Instant now) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("timestamp", now.toString());
    json.put("timestampUnix", now.getEpochSecond());
    json.put("cpuCount", Math.max(1, Math.round(usage.cpus())));
    json.put("cpuUsedPct", usage.cpuPercent());
    json.put("memTotal", usage.memoryTotalBytes());
    json.put("memUsed", usage.memoryUsedBytes());
    json.put("memCache", 0);
    json.put("diskTotal", usage.diskTotalBytes());
    json.put("diskUsed", usage.diskUsedBytes());
    return json;
  }
}
