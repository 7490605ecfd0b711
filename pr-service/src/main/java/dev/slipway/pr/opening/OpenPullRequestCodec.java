package dev.slipway.pr.opening;

import dev.slipway.pipeline.stage.LeasedOperation;
import dev.slipway.pipeline.stage.OperationCodec;
import java.time.Duration;
import java.util.Optional;
import tools.jackson.databind.json.JsonMapper;

/// Operations as rows, and back.
final class OpenPullRequestCodec implements OperationCodec<OpenPullRequest> {
  /// GitHub's budget of what may be created is one of an hour.
  static final Duration PATIENCE = Duration.ofHours(1);

  private static final JsonMapper JSON = JsonMapper.shared();

  @Override
  public String kind(OpenPullRequest operation) {
    return OpenPullRequest.KIND;
  }

  @Override
  public String encode(OpenPullRequest operation) {
    return JSON.writeValueAsString(operation.wish());
  }

  /// What a worker has taken.
  static Wish decode(LeasedOperation leased) {
    return JSON.readValue(leased.request(), Wish.class);
  }

  /// What the worker before has left.
  static OpeningNote note(LeasedOperation leased) {
    return leased.note() == null
        ? OpeningNote.NONE
        : JSON.readValue(leased.note(), OpeningNote.class);
  }

  static String encode(OpeningNote note) {
    return JSON.writeValueAsString(note);
  }

  /// Of one head, one after the other.
  @Override
  public boolean isOrdered(OpenPullRequest operation) {
    return true;
  }

  @Override
  public Optional<Duration> patience(OpenPullRequest operation) {
    return Optional.of(PATIENCE);
  }
}
