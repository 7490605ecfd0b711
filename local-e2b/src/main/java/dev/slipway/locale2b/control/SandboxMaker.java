package dev.slipway.locale2b.control;

import dev.slipway.locale2b.box.Box;
import dev.slipway.locale2b.box.BoxException;
import dev.slipway.locale2b.box.BoxSpec;
import dev.slipway.locale2b.box.Boxes;
import dev.slipway.locale2b.box.Mount;
import dev.slipway.locale2b.envd.Daemon;
import dev.slipway.locale2b.timer.Timers;
import dev.slipway.localserver.RefusedException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Makes sandboxes of boxes.
final class SandboxMaker {
  private static final Logger log = LoggerFactory.getLogger(SandboxMaker.class);
  private static final SecureRandom RANDOM = new SecureRandom();
  private static final String LETTERS = "0123456789abcdefghijklmnopqrstuvwxyz";
  private static final int ID_LETTERS = 20;
  private static final int TOKEN_BYTES = 32;

  private final Boxes boxes;
  private final SandboxSettings settings;
  private final Templates templates;
  private final Timers timers;

  SandboxMaker(Boxes boxes, SandboxSettings settings, Timers timers) {
    this.boxes = boxes;
    this.settings = settings;
    this.timers = timers;
    templates = new Templates(settings.templates());
  }

  Sandbox make(CreateRequest request, Life life) {
    Path template = templates.find(request.template());
    List<Mount> mounts = request.volumes().stream().map(this::mount).toList();
    String id = id();
    Box box = box(new BoxSpec(id, template, request.egress().rules(), settings.limits(), mounts));
    String token = token();
    return new Sandbox(
        id,
        token,
        request,
        box,
        new Daemon(id, token, box, environment(id, request, box), timers),
        life);
  }

  private Box box(BoxSpec spec) {
    try {
      return boxes.create(spec);
    } catch (BoxException e) {
      log.atError().addKeyValue("sandbox_id", spec.id()).setCause(e).log("sandbox cannot be made");
      throw switch (e.kind()) {
        case UNAVAILABLE, LIMIT ->
            new RefusedException(503, String.valueOf(e.getMessage()))
                .saying("error_code", "sandbox_capacity_unavailable");
        case NOT_CREATED, NO_SUCH_DIRECTORY, NOT_RUNNABLE, FROZEN, GONE ->
            new RefusedException(500, "the sandbox cannot be made")
                .saying("error_code", "sandbox_create_failed");
      };
    }
  }

  private Mount mount(CreateRequest.Volume volume) {
    Path source = settings.volumes().get(volume.name());
    if (source == null) {
      throw new RefusedException(404, "volume '" + volume.name() + "' not found");
    }
    try {
      return new Mount(source, Path.of(volume.path()), true);
    } catch (IllegalArgumentException e) {
      throw new RefusedException(400, "volumeMounts: " + e.getMessage());
    }
  }

  /// Later ones go over earlier ones.
  private static Map<String, String> environment(String id, CreateRequest request, Box box) {
    Map<String, String> environment = new LinkedHashMap<>(box.environment());
    environment.put("E2B_SANDBOX", "true");
    environment.put("E2B_SANDBOX_ID", id);
    environment.put("E2B_TEMPLATE_ID", request.template());
    environment.putAll(request.environment());
    return environment;
  }

  private static String id() {
    StringBuilder id = new StringBuilder("i");
    RANDOM.ints(ID_LETTERS, 0, LETTERS.length()).forEach(n -> id.append(LETTERS.charAt(n)));
    return id.toString();
  }

  private static String token() {
    byte[] bytes = new byte[TOKEN_BYTES];
    RANDOM.nextBytes(bytes);
    return HexFormat.of().formatHex(bytes);
  }
}
