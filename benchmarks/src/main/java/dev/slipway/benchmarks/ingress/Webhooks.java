package dev.slipway.benchmarks.ingress;

import dev.slipway.benchmarks.Resource;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.IntStream;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

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
            .map(body -> new Signed(body, sign(body, secret)))
            .toList());
  }

  static String event() {
    return EVENT;
  }

  int sizeBytes() {
    return bodies.getFirst().body().getBytes(StandardCharsets.UTF_8).length;
  }

  private static String sign(String body, String secret) {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(secret.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
      return "sha256="
          + HexFormat.of().formatHex(mac.doFinal(body.getBytes(StandardCharsets.UTF_8)));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java platform has HmacSHA256", e);
    }
  }
}
