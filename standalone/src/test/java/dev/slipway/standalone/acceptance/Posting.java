package dev.slipway.standalone.acceptance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import tools.jackson.databind.node.ObjectNode;

/// Sixteen clients that post webhooks and post again what was not answered with 202, while somebody
/// else pulls the plugs.
final class Posting implements AutoCloseable {
  private static final int CLIENTS = 16;
  private static final Duration PATIENCE = Duration.ofMinutes(4);

  private final List<Webhook> webhooks;
  private final Supplier<WebhookSender> sender;
  private final Set<String> accepted = ConcurrentHashMap.newKeySet();
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final CompletableFuture<List<String>> posted;

  private Posting(List<Webhook> webhooks, Supplier<WebhookSender> sender) {
    this.webhooks = webhooks;
    this.sender = sender;
    this.posted =
        CompletableFuture.supplyAsync(() -> Crowd.each(webhooks, CLIENTS, this::post), threads);
  }

  /// Starts to post so many webhooks of fifty repositories: pull requests that are opened and
  /// merged, in whatever order they come through.
  static Posting of(int count, Supplier<WebhookSender> sender) {
    List<Webhook> webhooks =
        IntStream.rangeClosed(1, count)
            .mapToObj(Posting::payload)
            .map(payload -> Webhook.json("pull_request", payload))
            .toList();
    return new Posting(webhooks, sender);
  }

  /// The body of the nth webhook, counted from 1.
  static ObjectNode payload(int n) {
    int number = (n + 1) / 2;
    String repository = "octo-org/chaos-" + number % 50;
    long repositoryId = 70_000L + number % 50;
    return n % 2 == 1
        ? Payloads.pullRequest(repository, repositoryId, number)
        : Payloads.merged(repository, repositoryId, number);
  }

  /// Waits until so many were accepted, or all.
  void awaitAccepted(int count) {
    await(count + " webhooks to be accepted")
        .atMost(PATIENCE)
        .pollInterval(Duration.ofMillis(5))
        .until(() -> accepted.size() >= count || posted.isDone());
  }

  /// The ids of all of them, once each was accepted.
  Set<String> join() {
    assertThat(posted.join()).hasSameSizeAs(webhooks);
    return Set.copyOf(accepted);
  }

  @Override
  public void close() {
    threads.shutdownNow();
    threads.close();
  }

  private String post(Webhook webhook) {
    await("202 for " + webhook)
        .atMost(PATIENCE)
        .pollDelay(Duration.ZERO)
        .pollInterval(Duration.ofMillis(100))
        .until(() ->
            sender.get().trySend(webhook).filter(answer -> answer.status() == 202).isPresent());
    accepted.add(webhook.guid());
    return webhook.guid();
  }
}
