package dev.slipway.standalone.acceptance;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.util.concurrent.TimeUnit.MILLISECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import tools.jackson.databind.JsonNode;

@Tag("slow")
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class LimitsIT {
  private static final int MIB = 1024 * 1024;
  private static final int JSON_LIMIT = 25 * MIB;
  private static final int FORM_LIMIT = 36 * MIB;

  /// Several times what may be read at once.
  private static final int HUGE = Integer.getInteger("slipway.limits.huge", 24);

  /// What the main process may hold beyond files mapped into it: heap, buffers, code.
  private static final long MEMORY_BOUND = 1_600L * MIB;

  private static final Slipway SLIPWAY = Slipway.fresh();

  @BeforeAll
  static void start() {
    Service _ = SLIPWAY.up();
  }

  @AfterAll
  static void close() {
    SLIPWAY.close();
  }

  @Test
  void aBodyOfExactlyTheLimitIsKeptVerbatim() {
    Webhook json = Webhook.json("push", json(JSON_LIMIT));
    Webhook form =
        new Webhook("push", Webhook.json("push", "{}").guid(), Webhook.FORM, form(FORM_LIMIT));

    for (Webhook webhook : List.of(json, form)) {
      upload(webhook, false).is(202);
      JsonNode row = SLIPWAY.api().awaitDelivery(webhook.guid(), Duration.ofSeconds(20));
      assertThat(row.path("body_bytes").asInt()).isEqualTo(webhook.body().length);
      assertThat(row.path("body_sha256").asString()).isEqualTo(webhook.bodySha256());
    }
  }

  @Test
  void oneByteMoreIsTooLargeWhetherTheLengthIsDeclaredOrNot() {
    long before = SLIPWAY.log().size(Log.DELIVERIES);
    Webhook json = Webhook.json("push", json(JSON_LIMIT + 1));
    Webhook form = new Webhook("push", json.guid(), Webhook.FORM, form(FORM_LIMIT + 1));

    for (Webhook webhook : List.of(json, form)) {
      Answer _ = upload(webhook, false).isProblem(413, "too_large");
      Answer _ = upload(webhook, true).isProblem(413, "too_large");
    }

    assertThat(SLIPWAY.log().size(Log.DELIVERIES)).isEqualTo(before);
  }

  @Test
  void anUnsignedCallIsRefusedBeforeItsBodyIsRead() {
    Webhook webhook = Webhook.json("push", json(20 * MIB));
    Map<String, String> headers = SLIPWAY.sender().headers(webhook);
    headers.remove("X-Hub-Signature-256");

    Answer answer = Upload.send(SLIPWAY.sender().url(), headers, webhook.body(), false);

    Answer _ = answer.isProblem(401, "missing_signature");
  }

  @Test
  void aRefusedBodyOfLessThanAMebibyteIsDroppedAndTheConnectionLives() {
    Webhook webhook = Webhook.json("push", json(MIB - 1));
    Map<String, String> unsigned = SLIPWAY.sender().headers(webhook);
    unsigned.remove("X-Hub-Signature-256");

    List<Answer> answers =
        Upload.twice(
            SLIPWAY.sender().url(), unsigned, SLIPWAY.sender().headers(webhook), webhook.body());

    Answer _ = answers.getFirst().isProblem(401, "missing_signature");
    assertThat(answers.getLast().status()).isEqualTo(202);
  }

  @Test
  void aClientThatAsksBeforeItSendsIsToldWhetherToGoOn() {
    Webhook webhook = Webhook.json("push", json(2 * MIB));
    Map<String, String> headers = SLIPWAY.sender().headers(webhook);
    HttpRequest.Builder signed = asking(webhook, headers);
    headers.remove("X-Hub-Signature-256");
    HttpRequest.Builder unsigned = asking(webhook, headers);

    Answer _ = Http.send(unsigned.build()).isProblem(401, "missing_signature");
    Http.send(signed.build()).is(202);
  }

  @Test
  void manyHugeCallsAtOnceLeaveMemoryBoundedAndSmallCallsAnswered() {
    byte[] body = form(34 * MIB);
    List<Supplier<Answer>> signed = new ArrayList<>();
    List<Supplier<Answer>> forged = new ArrayList<>();
    for (int i = 0; i < HUGE; i++) {
      Webhook webhook = new Webhook("push", "huge-" + i, Webhook.FORM, body);
      boolean genuine = i % 2 == 0;
      Map<String, String> headers =
          (genuine ? SLIPWAY.sender() : SLIPWAY.sender().withSecret("wrong")).headers(webhook);
      if (i % 4 == 1) {
        headers.remove("X-Hub-Signature-256");
      }
      (genuine ? signed : forged)
          .add(() -> Upload.send(SLIPWAY.sender().url(), headers, body, false));
    }
    List<Supplier<Answer>> all = new ArrayList<>(signed);
    all.addAll(forged);
    Collections.shuffle(all, new Random(HUGE));

    AtomicLong peak = new AtomicLong();
    List<Answer> small = new ArrayList<>();
    try (var sampler = Executors.newSingleThreadScheduledExecutor();
        var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var sampling =
          sampler.scheduleAtFixedRate(
              () -> peak.accumulateAndGet(memory(), Math::max), 0, 50, MILLISECONDS);
      CompletableFuture<List<Answer>> huge =
          CompletableFuture.supplyAsync(() -> Crowd.each(all, HUGE, Supplier::get), threads);
      do {
        small.add(SLIPWAY.sender().send(Webhook.json("ping", "{}")));
      } while (!huge.isDone());

      assertThat(huge.join())
          .extracting(Answer::status)
          .as("answers to huge calls")
          .isSubsetOf(202, 401, 429, 503)
          .contains(202, 401);
      assertThat(huge.join())
          .filteredOn(answer -> answer.status() == 503)
          .allSatisfy(answer -> assertThat(answer.header("retry-after")).isPresent());
      sampling.cancel(false);
    }

    assertThat(small).extracting(Answer::status).as("answers to small calls").containsOnly(202);
    assertThat(peak.get()).as("peak of anonymous memory").isLessThan(MEMORY_BOUND);
    Webhook after = Webhook.json("push", json(JSON_LIMIT));
    upload(after, false).is(202);
  }

  @Test
  @Order(Integer.MAX_VALUE)
  void aSourceOfBadSignaturesIsSlowedDownButNeverATrueCall() {
    WebhookSender forger = SLIPWAY.sender().withSecret("wrong");
    List<Webhook> forged = Stream.generate(() -> Webhook.json("ping", "{}")).limit(1_500).toList();

    List<Answer> answers = Crowd.each(forged, 16, forger::send);

    assertThat(answers).extracting(Answer::status).containsOnly(401, 429);
    assertThat(answers)
        .filteredOn(answer -> answer.status() == 429)
        .hasSizeBetween(1, 600)
        .allSatisfy(answer -> {
          Answer _ = answer.isProblem(429, "rate_limited");
          assertThat(answer.header("retry-after")).isPresent();
        });
    SLIPWAY.sender().send(Webhook.json("ping", "{}")).is(202);
  }

  private static HttpRequest.Builder asking(Webhook webhook, Map<String, String> headers) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(SLIPWAY.sender().url())
            .expectContinue(true)
            .timeout(Duration.ofSeconds(20))
            .POST(BodyPublishers.ofByteArray(webhook.body()));
    headers.forEach(request::header);
    return request;
  }

  private static Answer upload(Webhook webhook, boolean chunked) {
    WebhookSender sender = SLIPWAY.sender();
    return Upload.send(sender.url(), sender.headers(webhook), webhook.body(), chunked);
  }

  private static byte[] json(int bytes) {
    return padded("{\"zen\":\"", "\"}", bytes);
  }

  private static byte[] form(int bytes) {
    return padded("payload=%7B%22zen%22%3A%22", "%22%7D", bytes);
  }

  private static byte[] padded(String head, String end, int bytes) {
    byte[] body = new byte[bytes];
    Arrays.fill(body, (byte) 'a');
    System.arraycopy(head.getBytes(US_ASCII), 0, body, 0, head.length());
    System.arraycopy(end.getBytes(US_ASCII), 0, body, bytes - end.length(), end.length());
    return body;
  }

  /// Bytes of memory of the main process that no file backs.
  private static long memory() {
    Path status = Path.of("/proc", Long.toString(SLIPWAY.mainProcess().pid()), "status");
    try {
      return Files.readAllLines(status).stream()
          .filter(line -> line.startsWith("RssAnon:"))
          .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) * 1024)
          .sum();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
