package dev.slipway.sandbox.sandbox;

import dev.slipway.pipeline.core.Decision;
import dev.slipway.pipeline.core.Numbered;
import dev.slipway.pipeline.core.Operation;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/// A sandbox that was told some things, one after the other, a second apart.
record Told(SandboxState state, List<SandboxEvent> events, List<Operation> operations, int steps) {
  static final Instant START = Instant.parse("2026-01-02T03:04:05Z");
  static final UUID CREATION = id(1);
  static final SandboxSpec SPEC =
      new SandboxSpec(
          "base",
          Duration.ofMinutes(5),
          Map.of("team", "a"),
          Map.of("TOKEN", "secret://file/token"),
          Network.of(List.of("pypi.org")),
          "https://github.com/Acme/site.git",
          "box");
  static final SandboxContext CONTEXT =
      new SandboxContext("alice", id(91).toString(), "e-1", null, null, null);
  static final SandboxInput CREATE = new SandboxInput.Create(CREATION, SPEC, CONTEXT);
  static final SandboxInput CREATED = new SandboxInput.Created(CREATION, "e2b", "ext-1");
  static final CommandSpec COMMAND =
      new CommandSpec("make", List.of(), null, Map.of(), Duration.ofMinutes(10), null);
  static final GitResult.Cloned CLONED =
      new GitResult.Cloned("/home/user/site", "https://github.com/acme/site", "main", "0a1", 1);
  static final GitCommit COMMIT =
      new GitCommit("0c1", "0t1", "0a1", "change", new GitAuthor("Ann", "a@example.org"), START);
  private static final SandboxDecider DECIDER = new SandboxDecider();

  static UUID id(int n) {
    return new UUID(7, n);
  }

  static Told of(SandboxInput... inputs) {
    var told = new Told(SandboxState.NONE, List.of(), List.of(), 0);
    for (SandboxInput input : inputs) {
      told = told.then(input);
    }
    return told;
  }

  /// One that runs.
  static Told running() {
    return of(CREATE, CREATED);
  }

  Told then(SandboxInput input) {
    return take(decide(input));
  }

  Decision<SandboxEvent> decide(SandboxInput input) {
    return DECIDER.decide(state, input);
  }

  Told take(Decision<SandboxEvent> decision) {
    SandboxState next = state;
    var happened = new ArrayList<>(events);
    for (SandboxEvent event : decision.events()) {
      next = DECIDER.evolve(next, numbered(event, steps));
      happened.add(event);
    }
    var asked = new ArrayList<>(operations);
    asked.addAll(decision.operations());
    return new Told(next, happened, asked, steps + 1);
  }

  static Numbered<SandboxEvent> numbered(SandboxEvent event, int second) {
    return new Numbered<>(event, id(1_000), 1, START.plusSeconds(second), id(1_001));
  }
}
