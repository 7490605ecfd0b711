package dev.slipway.pr.opening;

import dev.slipway.pr.github.Answer;
import dev.slipway.pr.github.GitHubRepository;
import dev.slipway.pr.observation.Observation;
import java.util.UUID;

/// Closes a pull request that is one too many, and says why: once, however often it is tried.
///
/// @param operation that does it
public record ClosingAct(GitHubRepository repository, UUID operation) {
  /// Comments, unless it has.
  ///
  /// @param reason for people
  /// @throws dev.slipway.web.github.GitHubException it could not, or nobody knows whether it did
  public void explain(long number, String reason) {
    String mark = "<!-- slipway %s -->".formatted(operation);
    if (repository.comments(number).stream().noneMatch(text -> text.contains(mark))) {
      repository.comment(number, reason + "\n" + mark);
    }
  }

  /// Closes.
  ///
  /// @return what GitHub says of it then
  /// @throws dev.slipway.web.github.GitHubException likewise
  public Observation close(long number) {
    return Answer.observation(repository.close(number));
  }
}
