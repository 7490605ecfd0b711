package dev.slipway.standalone;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import tools.jackson.databind.json.JsonMapper;

/// The live events of an installation, over one connection at a time. Knows where it is, so that
/// the next connection goes on there.
final class EventStream {
  /// More than three heartbeats: what is silent for so long is dead, also when nobody says so.
  private static final Duration SILENCE_LIMIT = Duration.ofSeconds(60);

  private final URI address;
  private final String token;

  // CONFINED: to the thread that reads
  private String cursor = "";

  EventStream(URI address, String token) {
    this(address, token, "");
  }

  /// As the other, going on after this position; from now on when it is empty.
  EventStream(URI address, String token, String cursor) {
    this.address = address;
    this.token = token;
    this.cursor = cursor;
  }

  /// Whether it ever had a connection.
  boolean hasBegun() {
    return !cursor.isEmpty();
  }

  /// Gets what comes.
  interface Listener {
    /// An event, as JSON.
    ///
    /// @return whether to go on
    boolean event(String json);

    /// Some may have been missed.
    ///
    /// @return whether to go on
    boolean reset(String reason);
  }

  /// Reads one connection to its end.
  ///
  /// @return whether the listener wants more
  /// @throws IOException when there was none, or it broke: what it got so far counts
  /// @throws CommandFailedException when the installation refuses for good
  boolean read(Listener listener) throws IOException {
    try (ApiConnection connection = ApiConnection.to(address, token, SILENCE_LIMIT)) {
      ApiConnection request = connection.header("Accept", "text/event-stream");
      if (!cursor.isEmpty()) {
        request = request.header("Last-Event-ID", cursor);
      }
      try (BufferedReader lines =
          new BufferedReader(new InputStreamReader(request.send(), StandardCharsets.UTF_8))) {
        return read(lines, listener);
      }
    }
  }

  private boolean read(BufferedReader lines, Listener listener) throws IOException {
    String event = "";
    String id = "";
    String data = "";
    for (String line = lines.readLine(); line != null; line = lines.readLine()) {
      if (line.startsWith("event: ")) {
        event = line.substring(7);
      } else if (line.startsWith("id: ")) {
        id = line.substring(4);
      } else if (line.startsWith("data: ")) {
        data = line.substring(6);
      } else if (line.isEmpty()) {
        boolean goOn = true;
        if (event.isEmpty() && !data.isEmpty()) {
          goOn = listener.event(data);
        } else if (event.equals("reset")) {
          goOn = listener.reset(JsonMapper.shared().readTree(data).path("reason").asString(""));
        }
        // only what arrived whole and was handled counts
        cursor = id.isEmpty() ? cursor : id;
        if (!goOn) {
          return false;
        }
        event = "";
        id = "";
        data = "";
      }
    }
    return true;
  }
}
