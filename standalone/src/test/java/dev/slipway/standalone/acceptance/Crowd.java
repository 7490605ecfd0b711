package dev.slipway.standalone.acceptance;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Function;

/// Many clients at once.
final class Crowd {
  private Crowd() {}

  /// What each item led to, in the order of the items, so many of them under way at once.
  static <T, R> List<R> each(Collection<T> items, int clients, Function<T, R> action) {
    try (var threads = Executors.newFixedThreadPool(clients, Thread.ofVirtual().factory())) {
      List<Future<R>> futures = new ArrayList<>();
      for (T item : items) {
        futures.add(threads.submit(() -> action.apply(item)));
      }
      List<R> results = new ArrayList<>();
      for (Future<R> future : futures) {
        results.add(future.get());
      }
      return results;
    } catch (ExecutionException e) {
      throw new AssertionError(e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    }
  }
}
