package dev.slipway.sandbox.git;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ComplaintsTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      textBlock =
          """
          fatal: Authentication failed for 'https://github.com/a/b.git/' | AUTH_FAILED
          fatal: could not read Username for 'https://github.com': terminal prompts disabled | AUTH_FAILED
          fatal: unable to access 'https://h/a/b.git/': The requested URL returned error: 401 | AUTH_FAILED
          remote: Repository not found. | NOT_FOUND
          fatal: repository 'https://h/a/b.git/' not found | NOT_FOUND
          fatal: unable to access 'https://h/a/b.git/': The requested URL returned error: 301 | NOT_FOUND
          remote: Permission to o/r.git denied to x[bot]. | FORBIDDEN
          fatal: unable to access 'https://h/a/b.git/': The requested URL returned error: 403 | FORBIDDEN
          remote: This request was rate-limited due to too many requests. | RATE_LIMITED
          fatal: unable to access 'https://h/a/b.git/': The requested URL returned error: 429 | RATE_LIMITED
          fatal: remote error: upload-pack: not our ref 0123456789012345678901234567890123456789 | BASE_NOT_FOUND
          fatal: couldn't find remote ref refs/heads/x | BASE_NOT_FOUND
          fatal: unable to access 'https://h/a/b.git/': Could not resolve host: h | UNAVAILABLE
          fatal: unable to access 'https://h/': Failed to connect to h port 443: Connection refused | UNAVAILABLE
          fatal: unable to access 'https://h/a/b.git/': The requested URL returned error: 502 | UNAVAILABLE
          fatal: the remote end hung up unexpectedly | UNAVAILABLE
          error: RPC failed; curl 28 Operation too slow. Less than 1000 bytes/sec | TIMEOUT
          fatal: unable to access 'https://h/': Failed to connect to h port 443: Connection timed out | TIMEOUT
          fatal: something that nobody has seen | INTERNAL
          """)
  void wordsOfGitHaveAMeaning(String words, GitCode code) {
    assertThat(Complaints.of(words).code()).isEqualTo(code);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      textBlock =
          """
          [rejected] (non-fast-forward) | | NON_FAST_FORWARD
          [rejected] (fetch first) | | NON_FAST_FORWARD
          [rejected] (stale info) | | NON_FAST_FORWARD
          [remote rejected] (protected branch hook declined) | remote: error: GH006: Protected branch update failed | PROTECTED_BRANCH
          [remote rejected] (hook declined) | remote: error: GH006: Protected branch update failed for refs/heads/x. | PROTECTED_BRANCH
          [remote rejected] (push declined due to repository rule violations) | remote: error: GH013: Repository rule violations | PUSH_REJECTED
          [remote rejected] (pre-receive hook declined) | remote: error: GH001: Large files detected. | PUSH_REJECTED
          [remote rejected] (refusing to allow a GitHub App to create or update workflow `.github/workflows/x.yml` without `workflows` permission) | | PUSH_REJECTED
          [remote rejected] (cannot lock ref 'refs/heads/x': is at 1 but expected 2) | | UNAVAILABLE
          """)
  void whatTheRemoteSaysOfAPushHasAMeaning(String said, @Nullable String errors, GitCode code) {
    String line = "To https://h/a/b.git\n!\t0123:refs/heads/x\t" + said + "\nDone\n";

    assertThat(Complaints.ofPush(line, errors == null ? "" : errors).code()).isEqualTo(code);
  }

  @Test
  void aPushThatNeverCameThereIsAsAnyOtherRun() {
    GitException failed =
        Complaints.ofPush("", "fatal: Authentication failed for 'https://github.com/a/b.git/'");

    assertThat(failed.code()).isEqualTo(GitCode.AUTH_FAILED);
  }

  @Test
  void theHostsOwnReasonIsToldWithoutWhatATerminalWouldObey() {
    GitException failed =
        Complaints.ofPush(
            "!\ta:refs/heads/x\t[remote rejected] (protected branch hook declined)\n",
            """
            remote: error: GH006: Protected branch update failed for refs/heads/x.
            remote: error: \033[31mAt least 1 approving review is required.
            """);

    assertThat(failed.failure().message())
        .isEqualTo(
            "The branch is protected: make another. It says: protected branch hook declined GH006:"
                + " Protected branch update failed for refs/heads/x. [31mAt least 1 approving review"
                + " is required.");
    assertThat(failed.failure().retryable()).isFalse();
  }

  @Test
  void whoIsThrottledWaits() {
    GitException failed = Complaints.of("The requested URL returned error: 429");

    assertThat(failed.retryAfter()).isEqualTo(Duration.ofSeconds(30));
    assertThat(failed.failure().retryable()).isTrue();
  }
}
