package dev.slipway.benchmarks.latency;

import dev.slipway.benchmarks.WebhookSignature;
import dev.slipway.schemas.Ids;
import java.nio.charset.StandardCharsets;

/// Webhooks that open pull requests, each a new one, of the size that GitHub's have: one event
/// comes of each, and the pull request's number tells which.
///
/// @param secret that they are signed with
public record PullRequestWebhooks(String secret) {
  /// So that they spread over the partitions.
  private static final int REPOSITORIES = 64;

  private static final String FILLER = "x".repeat(7_000);

  /// The request that brings one, as bytes of HTTP/1.1.
  byte[] request(int number, String path, String host) {
    byte[] body = body(number);
    String head =
        """
        POST %s HTTP/1.1\r
        Host: %s\r
        User-Agent: GitHub-Hookshot/bench\r
        Content-Type: application/json\r
        X-GitHub-Event: pull_request\r
        X-GitHub-Delivery: %s\r
        X-Hub-Signature-256: %s\r
        Content-Length: %d\r
        \r
        """
            .formatted(path, host, Ids.fresh(), WebhookSignature.of(body, secret), body.length);
    byte[] request = new byte[head.length() + body.length];
    System.arraycopy(head.getBytes(StandardCharsets.US_ASCII), 0, request, 0, head.length());
    System.arraycopy(body, 0, request, head.length(), body.length);
    return request;
  }

  /// Its body.
  public byte[] body(int number) {
    int repository = number % REPOSITORIES;
    return """
    {"action":"opened","number":%1$d,"pull_request":{"id":%1$d,"node_id":"PR_%1$d","number":%1$d,
    "html_url":"https://github.test/acme/site-%2$d/pull/%1$d","state":"open","title":"Change %1$d",
    "user":{"id":5,"login":"octocat"},"draft":false,"labels":[{"name":"bug"}],
    "head":{"ref":"topic-%1$d","sha":"%1$040x","repo":{"id":%3$d}},
    "base":{"ref":"main","sha":"%3$040x"},"created_at":"2026-01-01T00:00:00Z",
    "updated_at":"2026-01-01T00:00:00Z","closed_at":null,"merged_at":null,"merged_by":null,
    "merge_commit_sha":null,"body":"%4$s"},
    "repository":{"id":%3$d,"full_name":"acme/site-%2$d","html_url":"https://github.test/acme/site-%2$d",
    "updated_at":"2026-01-01T00:00:00Z"},"sender":{"id":5,"login":"octocat"}}
    """
        .formatted(number, repository, 1_000 + repository, FILLER)
        .getBytes(StandardCharsets.US_ASCII);
  }
}
