package dev.slipway.benchmarks;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// A client of the event stream, on a thread of its own.
public final class StreamReader implements AutoCloseable {
  private static final int PATIENCE_SECONDS = 30;

  private final HttpURLConnection connection;
  private final CountDownLatch began = new CountDownLatch(1);
  // virtual: only there an interrupt ends a read, and closing waits for the next heartbeat
  private final Thread thread = Thread.ofVirtual().name("stream-reader").unstarted(this::read);
  private volatile @Nullable Listener listener;
  private volatile boolean ended;

  private StreamReader(HttpURLConnection connection) {
    this.connection = connection;
  }

  /// Gets what comes.
  @FunctionalInterface
  public interface Listener {
    /// The client has got an event.
    ///
    /// @param json as it came
    /// @param at when, as of [System#nanoTime]
    void event(String json, long at);
  }

  /// Connects.
  ///
  /// @return once the stream has begun: what happens from now on will be in it
  public static StreamReader open(URI url, String token) throws IOException, InterruptedException {
    HttpURLConnection connection = (HttpURLConnection) url.toURL().openConnection();
    connection.setRequestProperty("Authorization", "Bearer " + token);
    connection.setRequestProperty("Accept", "text/event-stream");
    StreamReader reader = new StreamReader(connection);
    reader.thread.start();
    if (!reader.began.await(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
      reader.close();
      throw new IOException("the event stream does not begin");
    }
    reader.check();
    return reader;
  }

  /// Tells from now on what comes.
  public void tell(Listener fresh) {
    listener = fresh;
  }

  /// Makes sure that it is still there.
  ///
  /// @throws IOException when the stream has ended
  public void check() throws IOException {
    if (ended) {
      throw new IOException("the event stream has ended");
    }
  }

  private void read() {
    try (BufferedReader lines =
        new BufferedReader(
            new InputStreamReader(connection.getInputStream(), StandardCharsets.UTF_8))) {
      String event = "";
      String data = "";
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        if (line.startsWith("event: ")) {
          event = line;
        } else if (line.startsWith("data: ")) {
          data = line;
        } else if (line.isEmpty()) {
          took(event, data);
          event = "";
          data = "";
        }
      }
    } catch (IOException _) {
      // said by check
    } finally {
      ended = true;
      began.countDown();
    }
  }

  private void took(String event, String data) {
    long at = System.nanoTime();
    Listener turn = listener;
    if (event.isEmpty() && !data.isEmpty() && turn != null) {
      turn.event(data, at);
    }
    began.countDown();
  }

  @Override
  public void close() {
    thread.interrupt();
  }
}
