package dev.slipway.standalone.parts;

import dev.slipway.locale2b.LocalE2b;
import dev.slipway.locale2b.LocalE2bSettings;
import dev.slipway.locale2b.box.Boxes;
import dev.slipway.locale2b.box.BubblewrapBoxes;
import dev.slipway.locale2b.box.NetworkSettings;
import dev.slipway.locale2b.box.UnsafeBoxes;
import dev.slipway.localserver.Place;
import dev.slipway.standalone.directory.DataDirectory;
import dev.slipway.standalone.directory.Endpoint;
import dev.slipway.standalone.directory.TakenException;
import java.io.IOException;
import java.time.Clock;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The installation's own sandboxes, or why it has none: an E2B server of its own, where this
/// machine lets it isolate them.
public final class LocalSandboxes implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(LocalSandboxes.class);
  private static final String URL_VARIABLE = "E2B_API_URL";
  private static final String KEY_VARIABLE = "E2B_API_KEY";

  private final Optional<LocalE2b> server;
  private final Optional<String> unavailable;

  private LocalSandboxes(Optional<LocalE2b> server, Optional<String> unavailable) {
    this.server = server;
    this.unavailable = unavailable;
  }

  /// Whether an installation runs them itself, and not another that the environment names.
  ///
  /// @param environment the process's variables; an empty one counts as not set
  public static boolean areOwn(Map<String, String> environment) {
    return Wiring.given(environment, URL_VARIABLE).isEmpty();
  }

  /// The port that they need, by what listens there.
  public static Map<String, Integer> ports(Map<String, String> environment, Ports ports) {
    return areOwn(environment) ? Map.of("local E2B", ports.e2b()) : Map.of();
  }

  /// How services reach them; nothing when the environment says where sandboxes are.
  static Map<String, String> settings(
      Map<String, String> environment, DataDirectory directory, Ports ports) {
    if (!areOwn(environment) || Wiring.given(environment, KEY_VARIABLE).isPresent()) {
      return Map.of();
    }
    String url = "http://127.0.0.1:" + ports.e2b();
    return Map.of(
        "slipway.e2b.api-key", directory.e2bApiKey(),
        "slipway.e2b.api-url", url,
        "slipway.e2b.sandbox-url", url);
  }

  /// Starts what an installation has of its own: nothing when the environment names another.
  public static LocalSandboxes startIfOwn(
      Map<String, String> environment,
      DataDirectory directory,
      Ports ports,
      boolean unsafe,
      Clock clock) {
    return areOwn(environment)
        ? start(directory, Place.local(ports.e2b()), unsafe, clock)
        : new LocalSandboxes(Optional.empty(), Optional.empty());
  }

  /// Starts them, or finds out why they cannot be.
  ///
  /// @param unsafe whether they are not to be isolated
  public static LocalSandboxes start(
      DataDirectory directory, Place place, boolean unsafe, Clock clock) {
    LocalE2bProperties properties = LocalE2bProperties.read();
    LocalE2bSettings settings = properties.settings(directory, place);
    Boxes boxes = boxes(settings, properties.network(), unsafe);
    Optional<String> unavailable = boxes.unavailable();
    if (unavailable.isPresent()) {
      log.atWarn().addKeyValue("reason", unavailable.get()).log("there are no local sandboxes");
      boxes.close();
      return new LocalSandboxes(Optional.empty(), unavailable);
    }
    return new LocalSandboxes(
        Optional.of(LocalE2b.start(settings, boxes, clock)), Optional.empty());
  }

  private static Boxes boxes(LocalE2bSettings settings, NetworkSettings network, boolean unsafe) {
    try {
      if (unsafe) {
        log.atWarn().log("local sandboxes are not isolated");
        return UnsafeBoxes.open(settings.directory());
      }
      return BubblewrapBoxes.open(settings.directory(), network);
    } catch (IOException e) {
      throw new TakenException(
          "cannot keep sandboxes in %s: %s".formatted(settings.directory(), e.getMessage()));
    }
  }

  /// Where their server listens.
  public Map<Endpoint, String> endpoints() {
    return server.map(running -> Map.of(Endpoint.E2B, running.url().toString())).orElseGet(Map::of);
  }

  /// Why there are none though there could be, and what to do about it.
  public Optional<String> unavailable() {
    return unavailable;
  }

  @Override
  public void close() {
    server.ifPresent(LocalE2b::close);
  }
}
