package dev.slipway.pipeline.stage;

import dev.slipway.pipeline.core.Decider;
import dev.slipway.pipeline.core.Decision;
import dev.slipway.pipeline.core.Numbered;
import dev.slipway.pipeline.stage.Ledger.Added;
import dev.slipway.pipeline.stage.Ledger.Input;
import dev.slipway.pipeline.stage.Ledger.Input.Died;
import dev.slipway.pipeline.stage.Ledger.Input.Told;

/// Adds what it is told; cannot take what begins with `no`; has a bug where the text begins with
/// `bug`, until a build says `fixed`; lacks a class where it is `error`.
///
/// @param verdict what it says of a good text; another build says something else
/// @param unique whether it knows a text again, as deciders must; else every copy that comes
///   through shows
public record LedgerDecider(String verdict, boolean unique)
    implements Decider<Ledger, Input, Added> {
  @Override
  public Ledger initial() {
    return Ledger.EMPTY;
  }

  @Override
  public Decision<Added> decide(Ledger state, Input input) {
    return switch (input) {
      case Died(var text) -> judged(state, new Added(text, "dead"));
      case Told(var text) when text.startsWith("bug") && !verdict.equals("fixed") ->
          throw new IllegalStateException(text);
      case Told(var text) when text.equals("error") -> throw new NoClassDefFoundError(text);
      case Told(var text) when text.startsWith("no") ->
          Decision.rejected(new Added(text, "rejected"));
      case Told(var text) -> judged(state, new Added(text, verdict));
    };
  }

  private Decision<Added> judged(Ledger state, Added entry) {
    return unique && state.entries().contains(entry) ? Decision.nothing() : Decision.of(entry);
  }

  @Override
  public Ledger evolve(Ledger state, Numbered<Added> event) {
    return (unique ? state.without(event.event().text()) : state).with(event.event());
  }
}
