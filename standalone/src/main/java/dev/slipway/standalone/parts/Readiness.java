package dev.slipway.standalone.parts;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;

/// Whether a service has said that it is ready.
final class Readiness {
  private static final Duration LOOK_AGAIN = Duration.ofMillis(50);
  private static final Duration REQUEST_LIMIT = Duration.ofSeconds(5);

  private Readiness() {}

  /// Waits until `/readyz` answers 200.
  ///
  /// @throws TimeoutException with the last answer
  /// @throws NoRoomException when there is no room any more
  static void await(URI service, Duration limit, StartRoom room)
      throws TimeoutException, InterruptedException {
    long deadline = System.nanoTime() + limit.toNanos();
    HttpRequest request =
        HttpRequest.newBuilder(service.resolve("/readyz")).timeout(REQUEST_LIMIT).build();
    try (HttpClient client = HttpClient.newHttpClient()) {
      String last = "no answer";
      while (System.nanoTime() - deadline < 0) {
        try {
          HttpResponse<String> answer = client.send(request, BodyHandlers.ofString());
          if (answer.statusCode() == 200) {
            return;
          }
          last = answer.statusCode() + " " + answer.body();
        } catch (IOException e) {
          last = e.toString();
        }
        room.require();
        LockSupport.parkNanos(LOOK_AGAIN.toNanos());
      }
      throw new TimeoutException(service + " is not ready: " + last);
    }
  }
}
