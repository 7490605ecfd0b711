package dev.slipway.localserver;

import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.LongAdder;

/// How often each route was called since the start, whatever came of it.
final class Calls {
  private final ConcurrentMap<String, LongAdder> counts = new ConcurrentHashMap<>();

  void count(String pattern) {
    counts.computeIfAbsent(pattern, _ -> new LongAdder()).increment();
  }

  Map<String, Long> counts() {
    Map<String, Long> all = new TreeMap<>();
    counts.forEach((pattern, count) -> all.put(pattern, count.sum()));
    return all;
  }
}
