package dev.slipway.standalone.acceptance;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// A client of the live events whose connections end anywhere, in the middle of a frame too. It
/// goes to its instances in turn, and resumes where the last whole frame left it, as a browser
/// does. Used by one thread.
final class CutOffClient {
  private static final JsonMapper JSON = JsonMapper.shared();
  private static final int CONNECT_MILLIS = 2_000;
  private static final int MOST_BYTES = 8_000;
  private static final int MOST_PATIENCE_MILLIS = 80;

  private final List<Api> instances;
  private final String query;
  private final Random random;
  private final List<JsonNode> seen = new ArrayList<>();
  private final ByteArrayOutputStream frame = new ByteArrayOutputStream();
  private String lastEventId = "";
  private int turn;

  /// @param query such as `repository=acme/site`, or empty
  CutOffClient(List<Api> instances, String query, Random random) {
    this.instances = instances;
    this.query = query;
    this.random = random;
  }

  /// All events, in the order in which they came.
  List<JsonNode> seen() {
    return seen;
  }

  /// Whether it has a place to resume from.
  boolean isResumable() {
    return !lastEventId.isEmpty();
  }

  /// One connection, dropped after some bytes, or when nothing has come for a moment.
  ///
  /// @return false when there was no stream to be cut off from
  boolean connect() {
    return connect(
        random.nextInt(MOST_BYTES), Duration.ofMillis(1 + random.nextInt(MOST_PATIENCE_MILLIS)));
  }

  /// One connection, left alone until nothing has come for a while, not even a heartbeat.
  void stay() {
    boolean _ = connect(Integer.MAX_VALUE, Duration.ofMillis(100));
  }

  private boolean connect(int bytes, Duration patience) {
    try {
      return read(open(patience), bytes);
    } catch (IOException _) {
      return false; // nobody is there, or answers in time
    }
  }

  private HttpURLConnection open(Duration patience) throws IOException {
    Api instance = instances.get(turn++ % instances.size());
    var connection =
        (HttpURLConnection)
            instance.base().resolve("/api/v1/events?" + query).toURL().openConnection();
    connection.setRequestProperty("Authorization", "Bearer " + instance.token());
    connection.setConnectTimeout(CONNECT_MILLIS);
    connection.setReadTimeout(Math.toIntExact(patience.toMillis()));
    if (isResumable()) {
      connection.setRequestProperty("Last-Event-ID", lastEventId);
    }
    return connection;
  }

  private boolean read(HttpURLConnection connection, int bytes) throws IOException {
    try {
      int status = connection.getResponseCode();
      if (status == 200) {
        read(connection.getInputStream(), bytes);
      } else if (status != 503) { // which one that has just been started may say
        throw new AssertionError("status " + status);
      }
      return status == 200;
    } finally {
      connection.disconnect();
    }
  }

  private void read(InputStream in, int bytes) {
    frame.reset();
    try {
      int previous = 0;
      for (int left = bytes; left > 0; left--) {
        int next = in.read();
        if (next < 0) {
          return;
        }
        frame.write(next);
        if (next == '\n' && previous == '\n') {
          dispatch(frame.toString(StandardCharsets.UTF_8));
          frame.reset();
        }
        previous = next;
      }
    } catch (IOException _) {
      // its patience is at an end, or the notifier
    }
  }

  private void dispatch(String text) {
    String data = "";
    boolean event = true;
    for (String line : text.lines().toList()) {
      if (line.startsWith("id: ")) {
        lastEventId = line.substring("id: ".length());
      } else if (line.startsWith("data: ")) {
        data = line.substring("data: ".length());
      } else if (line.equals("event: cursor")) {
        event = false;
      } else if (line.startsWith("event: ")) {
        throw new AssertionError(text);
      }
    }
    if (event && !data.isEmpty()) {
      seen.add(JSON.readTree(data));
    }
  }
}
