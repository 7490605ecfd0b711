package dev.slipway.benchmarks.latency;

import dev.slipway.benchmarks.Schedule;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.HdrHistogram.ConcurrentHistogram;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/// Posts webhooks when they are due: each by whoever of many senders is free, on a connection of
/// its own that stays.
final class Posts {
  /// More than are ever on their way at a time.
  private static final int SENDERS = 256;

  private static final String ACCEPTED = "HTTP/1.1 202";
  private static final String LENGTH = "content-length: ";
  private static final int PATIENCE_MILLIS = 20_000;

  private final URI url;
  private final PullRequestWebhooks webhooks;
  private final Schedule schedule;
  private final int first;
  private final int count;

  private final AtomicInteger next = new AtomicInteger();
  private final Histogram micros = new ConcurrentHistogram(Arrivals.LONGEST_MICROS, 3);
  private final AtomicReference<@Nullable IOException> failure = new AtomicReference<>();

  /// @param first number of the first pull request
  Posts(URI url, PullRequestWebhooks webhooks, Schedule schedule, int first, int count) {
    this.url = url;
    this.webhooks = webhooks;
    this.schedule = schedule;
    this.first = first;
    this.count = count;
  }

  /// Posts all of them.
  ///
  /// @throws IOException when one was not answered 202
  void run() throws IOException, InterruptedException {
    CountDownLatch running = new CountDownLatch(SENDERS);
    for (int sender = 0; sender < SENDERS; sender++) {
      Thread _ =
          Thread.ofVirtual()
              .start(() -> {
                try {
                  send();
                } catch (IOException e) {
                  failure.compareAndSet(null, e);
                } catch (InterruptedException _) {
                  Thread.currentThread().interrupt();
                } finally {
                  running.countDown();
                }
              });
    }
    running.await();
    IOException e = failure.get();
    if (e != null) {
      throw new IOException("a webhook was not accepted", e);
    }
  }

  /// From the time at which each was due to its answer, in microseconds.
  Histogram micros() {
    return micros;
  }

  private void send() throws IOException, InterruptedException {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), url.getPort())) {
      socket.setTcpNoDelay(true);
      socket.setSoTimeout(PATIENCE_MILLIS);
      InputStream answers = new BufferedInputStream(socket.getInputStream());
      for (int index = next.getAndIncrement();
          index < count && failure.get() == null;
          index = next.getAndIncrement()) {
        byte[] request = webhooks.request(first + index, url.getPath(), url.getAuthority());
        schedule.await(index);
        socket.getOutputStream().write(request);
        readAnswer(answers);
        micros.recordValue((System.nanoTime() - schedule.due(index)) / 1_000);
      }
    }
  }

  private static void readAnswer(InputStream in) throws IOException {
    String status = line(in);
    int length = 0;
    for (String line = line(in); !line.isEmpty(); line = line(in)) {
      if (line.regionMatches(true, 0, LENGTH, 0, LENGTH.length())) {
        length = Integer.parseInt(line.substring(LENGTH.length()).strip());
      }
    }
    in.skipNBytes(length);
    if (!status.startsWith(ACCEPTED)) {
      throw new IOException(status);
    }
  }

  private static String line(InputStream in) throws IOException {
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    for (int read = in.read(); read != '\n'; read = in.read()) {
      if (read < 0) {
        throw new IOException("the connection was closed");
      }
      line.write(read);
    }
    return line.toString(StandardCharsets.US_ASCII).strip();
  }
}
