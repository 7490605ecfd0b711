package dev.slipway.pipeline.stage;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// State of the tests' stage: what one key was told, in order, so that a loss, a copy and a wrong
/// order all show.
public record Ledger(List<Added> entries) {
  static final Ledger EMPTY = new Ledger(List.of());

  public Ledger {
    entries = List.copyOf(entries);
  }

  static Ledger parse(String text) {
    return new Ledger(
        Stream.of(text.split(" "))
            .map(entry -> entry.split("=", 2))
            .map(parts -> new Added(parts[0], parts[1]))
            .toList());
  }

  String text() {
    return entries.stream()
        .map(entry -> entry.text() + "=" + entry.verdict())
        .collect(Collectors.joining(" "));
  }

  Ledger with(Added entry) {
    var all = new ArrayList<>(entries);
    all.add(entry);
    return new Ledger(all);
  }

  Ledger without(String text) {
    return new Ledger(entries.stream().filter(entry -> !entry.text().equals(text)).toList());
  }

  /// The event.
  public record Added(String text, String verdict) {}

  /// The input.
  public sealed interface Input {
    String text();

    record Told(String text) implements Input {}

    record Died(String text) implements Input {}
  }
}
