package dev.slipway.pipeline.stage;

import dev.slipway.pipeline.core.Decider;
import dev.slipway.pipeline.core.Decision;
import dev.slipway.pipeline.core.Numbered;
import dev.slipway.pipeline.stage.Job.Call;
import dev.slipway.pipeline.stage.Job.Happened;
import dev.slipway.pipeline.stage.Job.Happened.Begun;
import dev.slipway.pipeline.stage.Job.Happened.Ended;
import dev.slipway.pipeline.stage.Job.Happened.Extended;
import dev.slipway.pipeline.stage.Job.Happened.Noted;
import dev.slipway.pipeline.stage.Job.Happened.TicketTaken;
import dev.slipway.pipeline.stage.Job.Happened.Touched;
import dev.slipway.pipeline.stage.Job.Tell;
import dev.slipway.pipeline.stage.Job.Told;
import java.util.Optional;

/// Decides on jobs; has a bug where a text is `poison`, unless it was fixed.
record JobDecider(boolean fixed) implements Decider<Job, Told, Happened> {
  @Override
  public Job initial() {
    return Job.NONE;
  }

  @Override
  public Decision<Happened> decide(Job job, Told told) {
    boolean isNew = job.status().equals("NONE");
    return switch (told) {
      case Told.Begin(var name, var dueAt, var silent) ->
          isNew ? Decision.of(new Begun(name, dueAt, silent)) : Decision.nothing();
      case Told.Note(var text) when text.startsWith("poison") && !fixed ->
          throw new IllegalStateException(text);
      case Told.Note(var text) when isNew || job.log().contains(text) -> Decision.rejection();
      case Told.Note(var text) when text.startsWith("touch") -> Decision.of(new Touched(text));
      case Told.Note(var text) -> Decision.of(new Noted(text));
      case Told.Extend(var dueAt) -> Decision.of(new Extended(dueAt));
      case Told.Work(var what) ->
          Decision.<Happened>of(new Noted("asked " + what))
              .with(new Tell(what))
              .with(new Call(Optional.empty(), what));
      case Told.CallAs(var id, var what) ->
          Decision.<Happened>of(new Noted("asked " + what)).with(new Call(Optional.of(id), what));
      case Told.Stop(var id) -> Decision.<Happened>nothing().cancelling(id);
      case Told.Worked(var result) when result.startsWith("poison") ->
          throw new IllegalStateException(result);
      case Told.Worked(var result) -> Decision.of(new Noted("worked " + result));
      case Told.WorkFailed(var code) -> Decision.of(new Noted("failed " + code));
      case Told.Take(var ticket) ->
          ticket.equals(job.ticket()) ? Decision.nothing() : Decision.of(new TicketTaken(ticket));
      case Told.News(var news) when news.startsWith("poison") && !fixed ->
          throw new IllegalStateException(news);
      case Told.News(var news) ->
          job.log().contains(news) ? Decision.nothing() : Decision.of(new Noted(news));
      case Told.TimeOver _ when "poison".equals(job.name()) ->
          throw new IllegalStateException("poison");
      case Told.TimeOver _ -> job.silent() ? Decision.nothing() : Decision.of(new Ended("OVER"));
      case Told.Taken _ -> Decision.nothing();
    };
  }

  @Override
  public Job evolve(Job job, Numbered<Happened> event) {
    return switch (event.event()) {
      case Begun(var name, var dueAt, var silent) ->
          new Job("OPEN", name, job.ticket(), job.log(), dueAt, silent);
      case Noted(var text) -> job.with(text);
      case Touched(var text) -> job.with(text);
      case Extended(var dueAt) -> job.is(job.status(), dueAt);
      case TicketTaken(var ticket) ->
          new Job(job.status(), job.name(), ticket, job.log(), job.dueAt(), job.silent());
      case Ended(var status) -> job.is(status, null);
    };
  }
}
