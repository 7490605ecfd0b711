package dev.slipway.sandbox.sandbox;

import dev.slipway.pipeline.core.Decider;
import dev.slipway.pipeline.core.Decision;
import dev.slipway.pipeline.core.Numbered;

/// Decides on sandboxes.
///
/// | state | comes to | by |
/// |---|---|---|
/// | NONE | REQUESTED | a wish for it |
/// | REQUESTED | CREATED, and RUNNING at once | its creation |
/// | REQUESTED | FAILED | its creation's failure |
/// | RUNNING, PAUSED | PAUSED, RUNNING | outcomes of pause and resume |
/// | REQUESTED, RUNNING, PAUSED | TERMINATING | a wish for its end, or its time |
/// | RUNNING, PAUSED, TERMINATING | TERMINATED | its end at the provider, whoever ended it |
///
/// Outcomes arrive in any order and more than once: what an operation that has ended says changes
/// nothing, and what a provider has made is either a sandbox's or condemned.
final class SandboxDecider implements Decider<SandboxState, SandboxInput, SandboxEvent> {
  @Override
  public SandboxState initial() {
    return SandboxState.NONE;
  }

  @Override
  public Decision<SandboxEvent> decide(SandboxState state, SandboxInput input) {
    return switch (input) {
      case SandboxInput.Create create -> Wishes.create(state, create);
      case SandboxInput.NameTaken(var operation) -> Wishes.nameTaken(state, operation);
      case SandboxInput.RunCommand run -> Wishes.run(state, run);
      case SandboxInput.Work(var wanted) -> Wishes.work(state, wanted);
      case SandboxInput.TaskBranch branch -> Wishes.taskBranch(state, branch);
      case SandboxInput.Refused(var operation, var why) -> Wishes.refused(state, operation, why);
      case SandboxInput.Link link -> Wishes.link(state, link);
      case SandboxInput.Pause pause -> Wishes.pause(state, pause);
      case SandboxInput.Resume resume -> Wishes.resume(state, resume);
      case SandboxInput.Reset reset -> Wishes.reset(state, reset);
      case SandboxInput.Extend extend -> Wishes.extend(state, extend);
      case SandboxInput.Terminate terminate -> Endings.terminate(state, terminate);
      case SandboxInput.Cancel cancel -> Endings.cancel(state, cancel);
      case SandboxInput.Condemn(var externalId) -> Endings.condemn(state, externalId);
      case SandboxInput.Gone(var externalId) -> Endings.gone(state, externalId);
      case SandboxInput.Expired(var at) -> Endings.expired(state, at);
      case SandboxInput.Terminated(_, var externalId) -> Endings.terminated(state, externalId);
      case SandboxInput.Created created -> Outcomes.created(state, created);
      case SandboxInput.CreationCancelled(var operation) ->
          Outcomes.creationCancelled(state, operation);
      case SandboxInput.CommandBegan began -> Outcomes.commandBegan(state, began);
      case SandboxInput.CommandEnded ended -> Outcomes.commandEnded(state, ended);
      case SandboxInput.Worked worked -> Outcomes.worked(state, worked);
      case SandboxInput.Paused(var operation) -> Outcomes.paused(state, operation);
      case SandboxInput.Resumed(var operation) -> Outcomes.resumed(state, operation);
      case SandboxInput.WasReset reset -> Outcomes.wasReset(state, reset);
      case SandboxInput.Extended extended -> Outcomes.extended(state, extended);
      case SandboxInput.OperationCancelled(var operation) -> Outcomes.cancelled(state, operation);
      case SandboxInput.OperationFailed failed -> Outcomes.failed(state, failed);
    };
  }

  @Override
  public SandboxState evolve(SandboxState state, Numbered<SandboxEvent> event) {
    return SandboxFold.evolve(state, event.event(), event.at());
  }
}
