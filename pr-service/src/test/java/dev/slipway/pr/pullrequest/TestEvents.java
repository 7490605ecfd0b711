package dev.slipway.pr.pullrequest;

import dev.slipway.pipeline.kafka.CloudEvent;
import dev.slipway.schemas.context.Context;
import dev.slipway.schemas.pullrequest.Base;
import dev.slipway.schemas.pullrequest.Checks;
import dev.slipway.schemas.pullrequest.ChecksState;
import dev.slipway.schemas.pullrequest.Head;
import dev.slipway.schemas.pullrequest.Merged;
import dev.slipway.schemas.pullrequest.PullRequest;
import dev.slipway.schemas.pullrequest.PullRequestEvent;
import dev.slipway.schemas.pullrequest.PullRequestState;
import dev.slipway.schemas.pullrequest.ReviewDecision;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// Events of pull requests for tests.
final class TestEvents {
  static final Instant TIME = Instant.parse("2026-01-02T03:04:05.678901Z");
  static final UUID DELIVERY = UUID.fromString("72d3162e-cc78-11e3-81ab-4c9367dc0958");

  private TestEvents() {}

  static UUID id(int number) {
    return new UUID(0x7000L, 0x8000_0000_0000_0000L | number);
  }

  static CloudEvent envelope(int number, String type) {
    return new CloudEvent(
        id(number),
        type,
        "pr-service",
        TIME,
        "acme/site#7",
        (long) number,
        "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01");
  }

  static Context context(String tenant) {
    return new Context(tenant, null, null, null, null, null, null, null);
  }

  static Context fullContext() {
    return new Context("acme", "alice", "t 1", "e1", "s1", "a1", "c1", "b1");
  }

  static PullRequestEvent merged(Context context, String title) {
    return event(
        context,
        title,
        PullRequestState.MERGED,
        new Head("fix", "1111111111111111111111111111111111111111", 1002L),
        new Base("main", "2222222222222222222222222222222222222222"),
        "3333333333333333333333333333333333333333");
  }

  /// One of which only a review is known.
  static PullRequestEvent bare(Context context) {
    return event(context, null, PullRequestState.OPEN, null, null, null);
  }

  private static PullRequestEvent event(
      Context context,
      @Nullable String title,
      PullRequestState state,
      @Nullable Head head,
      @Nullable Base base,
      @Nullable String mergeCommit) {
    boolean isFull = head != null;
    var pullRequest =
        new PullRequest(
            1001L,
            "Acme/Site",
            isFull ? "https://github.com/Acme/Site" : null,
            7L,
            isFull ? 5001L : null,
            isFull ? "PR_x" : null,
            isFull ? "https://github.com/Acme/Site/pull/7" : null,
            title,
            isFull ? "octocat" : null,
            state,
            false,
            List.of("bug"),
            head,
            base,
            ReviewDecision.APPROVED,
            new Checks(ChecksState.SUCCESS, 3, 3, 0, 0),
            null,
            null,
            mergeCommit,
            null,
            null,
            null);
    return new PullRequestEvent(
        context, pullRequest, isFull ? "octocat" : null, isFull ? DELIVERY : null, new Merged());
  }
}
