package dev.slipway.ingress.delivery;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Tag("slow")
class LargeBodyIT {
  private static final int MIB = 1024 * 1024;

  private TestIngress ingress;

  @BeforeAll
  void start() {
    ingress = TestIngress.start("--slipway.webhook.held-bytes=160MB");
  }

  @AfterAll
  void stop() {
    ingress.close();
  }

  @Test
  void jsonOf25MebibytesIsKeptByteForByte() {
    byte[] body = json(25 * MIB);

    Post.Answer answer = Post.bytes(body).to(ingress.url);

    assertThat(answer.status()).isEqualTo(202);
    assertThat(ingress.records().of(answer.deliveryId()).getFirst().body()).isEqualTo(body);
  }

  @Test
  void jsonOf25MebibytesWithoutDeclaredLengthIsTakenToo() {
    Post.Answer answer = Post.bytes(json(25 * MIB)).chunked().to(ingress.url);

    assertThat(answer.status()).isEqualTo(202);
  }

  @Test
  void aFormOf36MebibytesIsKeptByteForByte() {
    byte[] body = form(36 * MIB);

    Post.Answer answer = Post.bytes(body).form().to(ingress.url);

    assertThat(answer.status()).isEqualTo(202);
    assertThat(ingress.records().of(answer.deliveryId()).getFirst().body()).isEqualTo(body);
  }

  @Test
  void oneByteMoreIs413() {
    assertThat(Post.bytes(json(25 * MIB + 1)).chunked().to(ingress.url).problem())
        .isEqualTo("413 too_large");
    assertThat(Post.bytes(form(36 * MIB + 1)).form().chunked().to(ingress.url).problem())
        .isEqualTo("413 too_large");
  }

  @Test
  void aFloodOfLargeBodiesIsBoundedAndSmallOnesAreAnswered()
      throws InterruptedException, ExecutionException {
    byte[] large = form(34 * MIB);
    ByteBudget budget = ingress.context.getBean(ByteBudget.class);
    try (ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<String>> flood = new ArrayList<>();
      for (int i = 0; i < 4; i++) {
        Post post = Post.bytes(large).form();
        Post unsigned = Post.bytes(large).form().signedWith("wrong");
        flood.add(clients.submit(() -> outcome(post)));
        flood.add(clients.submit(() -> outcome(unsigned)));
      }
      int answered = 0;
      while (flood.stream().anyMatch(f -> !f.isDone())) {
        assertThat(Post.json("{}").to(ingress.url).status()).isEqualTo(202);
        assertThat(budget.used()).isLessThanOrEqualTo(160L * MIB);
        answered++;
      }

      assertThat(answered).isPositive();
      for (Future<String> outcome : flood) {
        assertThat(outcome.get()).isIn("202 ", "401 invalid_signature", "503 unavailable", "cut");
      }
    }
    Awaitility.await().until(() -> budget.used() == 0);
    assertThat(Post.bytes(large).form().to(ingress.url).status()).isEqualTo(202);
  }

  /// A refused sender that goes on sending may find its connection closed before it reads.
  private String outcome(Post post) {
    try {
      return post.to(ingress.url).problem();
    } catch (java.io.UncheckedIOException _) {
      return "cut";
    }
  }

  private static byte[] json(int bytes) {
    byte[] body = new byte[bytes];
    Arrays.fill(body, (byte) 'x');
    body[0] = '"';
    body[bytes - 1] = '"';
    return body;
  }

  private static byte[] form(int bytes) {
    byte[] body = new byte[bytes];
    Arrays.fill(body, (byte) 'x');
    byte[] start = "payload=%22".getBytes(US_ASCII);
    System.arraycopy(start, 0, body, 0, start.length);
    System.arraycopy("%22".getBytes(US_ASCII), 0, body, bytes - 3, 3);
    return body;
  }
}
