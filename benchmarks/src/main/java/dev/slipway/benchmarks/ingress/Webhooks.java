package dev.slipway.benchmarks.ingress;

import dev.slipway.benchmarks.Resource;
import dev.slipway.benchmarks.WebhookSignature;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.IntStream;

/// Signed bodies of the size of a typical webhook, of as many repositories, so that they spread
/// over the partitions.
record Webhooks(List<Signed> bodies) {
  private static final String EVENT = "issues";
  private static final String TEMPLATE = "issues-opened.json";

  Webhooks {
    bodies = List.copyOf(bodies);
  }

  /// @param signature header `X-Hub-Signature-256`
  record Signed(String body, String signature) {}

  static Webhooks signed(String secret, int repositories) throws IOException {
    String template = new String(Resource.read(Webhooks.class, TEMPLATE), StandardCharsets.UTF_8);
    return new Webhooks(
        IntStream.range(0, repositories)
            .mapToObj(number ->
                template
                    .replace("1000000007", Integer.toString(1_000_000_007 + number))
                    .replace("acme/site", "acme/site-%03d".formatted(number)))
            .map(body ->
                new Signed(
                    body, WebhookSignature.of(body.getBytes(StandardCharsets.UTF_8), secret)))
            .toList());
  }

  static String event() {
    return EVENT;
  }

  int sizeBytes() {
    return bodies.getFirst().body().getBytes(StandardCharsets.UTF_8).length;
  }
}
