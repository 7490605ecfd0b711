package dev.slipway.locale2b.box;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// Asks the system, on threads of its own: a look-up may take as long as it likes and cannot be
/// interrupted.
final class SystemResolver implements Resolver, AutoCloseable {
  private static final int LOOK_UPS_AT_ONCE = 8;
  private static final long TIMEOUT_SECONDS = 10;

  private final ExecutorService lookUps =
      Executors.newFixedThreadPool(
          LOOK_UPS_AT_ONCE, Thread.ofPlatform().daemon().name("box-resolver-", 0).factory());

  @Override
  public List<InetAddress> resolve(String host) {
    Future<List<InetAddress>> lookUp =
        lookUps.submit(() -> List.of(InetAddress.getAllByName(host)));
    try {
      return lookUp.get(TIMEOUT_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      return List.of();
    } catch (TimeoutException _) {
      return List.of();
    } catch (ExecutionException e) {
      if (e.getCause() instanceof UnknownHostException) {
        return List.of();
      }
      throw new IllegalStateException("a look-up failed", e);
    } finally {
      lookUp.cancel(false);
    }
  }

  @Override
  public void close() {
    lookUps.shutdownNow();
  }
}
