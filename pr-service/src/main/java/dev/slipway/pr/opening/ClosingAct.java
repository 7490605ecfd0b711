package dev.slipway.pr.opening;

import dev.slipway.pr.github.Answer;
import dev.slipway.pr.github.GitHubRepository;
import dev.slipway.pr.github.RemotePullRequest;
import dev.slipway.web.github.GitHubException;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Closes a pull request that is one too many, and says why: once, however often it is tried.
///
/// @param operation that does it
public record ClosingAct(GitHubRepository repository, UUID operation) {
  private static final Logger log = LoggerFactory.getLogger(ClosingAct.class);

  /// Comments, unless it has. Where nobody may comment it is closed without.
  ///
  /// @param reason for people
  /// @throws GitHubException it could not now, or nobody knows whether it did
  public void explain(long number, String reason) {
    String mark = "<!-- slipway %s -->".formatted(operation);
    try {
      if (repository.comments(number).stream().noneMatch(text -> text.contains(mark))) {
        repository.comment(number, reason + "\n" + mark);
      }
    } catch (GitHubException e) {
      if (e.failure().retryable() || e.failure().mayHaveHappened()) {
        throw e;
      }
      log.atWarn()
          .addKeyValue("operation_id", operation)
          .addKeyValue("code", e.code().code())
          .setCause(e)
          .log("GitHub takes no comment on a pull request that is closed");
    }
  }

  /// Closes.
  ///
  /// @return what GitHub says of it then
  /// @throws GitHubException likewise
  public Answer<RemotePullRequest> close(long number) {
    return repository.close(number);
  }
}
