package dev.slipway.locale2b.control;

import dev.slipway.localserver.RefusedException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// A sandbox as it was asked for.
///
/// @param environment of every process
/// @param autoPause whether it is paused and not killed when its time is over
/// @param keepsMemory whether its processes outlive that pause
/// @param autoResume whether traffic wakes it
/// @param volumes paths by the names of what is to be seen there
record CreateRequest(
    String template,
    Duration timeout,
    Map<String, String> metadata,
    Map<String, String> environment,
    boolean autoPause,
    boolean keepsMemory,
    boolean autoResume,
    Egress egress,
    List<Volume> volumes) {
  private static final List<String> LEFT_OUT = List.of("iam", "mcp");

  /// What is to be seen where.
  record Volume(String name, String path) {}

  CreateRequest {
    metadata = Map.copyOf(metadata);
    environment = Map.copyOf(environment);
    volumes = List.copyOf(volumes);
  }

  /// Reads a request.
  ///
  /// @param timeout when none is asked for: the two versions of the route differ
  /// @param longest that may be asked for
  static CreateRequest of(Body body, Duration timeout, Duration longest) {
    for (String field : LEFT_OUT) {
      if (body.has(field)) {
        throw new RefusedException(501, field + " is left out of local-e2b");
      }
    }
    boolean autoPause = body.flag("autoPause").orElse(false);
    boolean keepsMemory = body.flag("autoPauseMemory").orElse(true);
    boolean autoResume =
        body.object("autoResume").flatMap(resume -> resume.flag("enabled")).orElse(false);
    if (!keepsMemory && (!autoPause || autoResume)) {
      throw new RefusedException(
          400, "autoPauseMemory false needs autoPause, and excludes autoResume");
    }
    return new CreateRequest(
        body.text("templateID")
            .filter(template -> !template.isEmpty())
            .orElseThrow(() -> new RefusedException(400, "templateID is required")),
        timeout(body.number("timeout"), timeout, longest),
        body.texts("metadata"),
        environment(body.texts("envVars")),
        autoPause,
        keepsMemory,
        autoResume,
        Egress.of(body.flag("allow_internet_access"), body.object("network")),
        body.items("volumeMounts").stream().map(Body::new).map(CreateRequest::volume).toList());
  }

  /// A time that a sandbox is to begin to live for.
  static Duration timeout(Optional<Integer> seconds, Duration absent, Duration longest) {
    if (seconds.isEmpty()) {
      return absent.compareTo(longest) > 0 ? longest : absent;
    }
    if (seconds.get() <= 0) {
      throw new RefusedException(400, "Timeout must be greater than 0");
    }
    Duration asked = Duration.ofSeconds(seconds.get());
    if (asked.compareTo(longest) > 0) {
      throw new RefusedException(
          400, "Timeout cannot be greater than " + longest.toSeconds() + " seconds");
    }
    return asked;
  }

  private static Map<String, String> environment(Map<String, String> variables) {
    variables.forEach((name, value) -> {
      if (name.isEmpty() || name.contains("=") || (name + value).indexOf('\0') >= 0) {
        throw new RefusedException(400, "envVars: '" + name + "' cannot be a variable");
      }
    });
    return variables;
  }

  private static Volume volume(Body body) {
    return new Volume(
        body.text("name")
            .orElseThrow(() -> new RefusedException(400, "volumeMounts.name is required")),
        body.text("path")
            .filter(path -> path.startsWith("/"))
            .orElseThrow(() -> new RefusedException(400, "volumeMounts.path must be absolute")));
  }
}
