package dev.slipway.ingress.delivery;

import dev.slipway.web.ApiException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Who may send: everybody, or the networks under `hooks` in GitHub's answer to `GET /meta`, read
/// from a URL or a file. What was read last without fault stays in force while reading fails;
/// before the first time nobody may send, and is told to come back.
final class AllowedAddresses {
  private static final Logger log = LoggerFactory.getLogger(AllowedAddresses.class);
  private static final Duration TIMEOUT = Duration.ofSeconds(10);
  private static final long LARGEST_BYTES = 1024 * 1024;

  private final @Nullable URI source;
  private final long refreshNanos;
  private final LongSupplier nanoClock;

  private volatile @Nullable List<Network> networks;
  private long readNanos; // CONFINED: to the thread that refreshes

  /// @param source null when everybody may send
  /// @param refresh how long a list stays good
  AllowedAddresses(@Nullable URI source, Duration refresh, LongSupplier nanoClock) {
    this.source = source;
    this.refreshNanos = refresh.toNanos();
    this.nanoClock = nanoClock;
  }

  /// Whether no list was asked for.
  boolean everybody() {
    return source == null;
  }

  /// Lets an address pass.
  ///
  /// @param address null when unknown
  /// @throws ApiException 403 when it is on no list, 503 when no list could be read yet
  void require(@Nullable InetAddress address) {
    List<Network> known = networks;
    if (source == null) {
      return;
    }
    if (known == null) {
      throw Refusals.addressesUnknown();
    }
    if (address == null || known.stream().noneMatch(network -> network.contains(address))) {
      throw Refusals.addressNotAllowed();
    }
  }

  /// Reads the list when it is due. Blocks. To be called about each minute.
  void refresh() {
    URI from = source;
    long now = nanoClock.getAsLong();
    if (from == null || (networks != null && now - readNanos < refreshNanos)) {
      return;
    }
    try {
      networks = parse(read(from));
      readNanos = now;
    } catch (IOException | JacksonException e) {
      log.atWarn()
          .addKeyValue("cause", e.getClass().getSimpleName())
          .addKeyValue("kept", networks != null)
          .log("allowed addresses not read");
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  private static List<Network> parse(byte[] json) throws IOException {
    JsonNode hooks = JsonMapper.shared().readTree(json).path("hooks");
    List<Network> parsed =
        hooks.valueStream().flatMap(hook -> Network.parse(hook.asString("")).stream()).toList();
    if (parsed.isEmpty() || parsed.size() != hooks.size()) {
      // A list that we understand in part would shut out some of GitHub's own addresses.
      throw new IOException("the answer has no list of networks under hooks");
    }
    return parsed;
  }

  private static byte[] read(URI source) throws IOException, InterruptedException {
    if ("file".equals(source.getScheme())) {
      return Files.readAllBytes(Path.of(source));
    }
    try (HttpClient client = HttpClient.newBuilder().connectTimeout(TIMEOUT).build()) {
      HttpRequest request =
          HttpRequest.newBuilder(source)
              .timeout(TIMEOUT)
              .header("Accept", "application/vnd.github+json")
              // GitHub answers 403 to requests that do not name their client.
              .header("User-Agent", "slipway")
              .build();
      HttpResponse<byte[]> answer =
          client.send(request, BodyHandlers.limiting(BodyHandlers.ofByteArray(), LARGEST_BYTES));
      if (answer.statusCode() != 200) {
        throw new IOException("status " + answer.statusCode());
      }
      return answer.body();
    }
  }
}
