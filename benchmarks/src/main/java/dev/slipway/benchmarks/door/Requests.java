package dev.slipway.benchmarks.door;

import dev.slipway.benchmarks.ClosedLoop;
import dev.slipway.benchmarks.Contestant;
import dev.slipway.benchmarks.Sample;
import dev.slipway.benchmarks.door.Parcel.HandIn;
import dev.slipway.benchmarks.door.Parcel.HandedIn;
import dev.slipway.pipeline.database.Columns;
import dev.slipway.pipeline.database.Database;
import dev.slipway.pipeline.stage.Request;
import dev.slipway.pipeline.stage.Request.Answer;
import dev.slipway.pipeline.stage.StageRunner;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/// Clients of the request door, each of which asks again as soon as it is answered; every tenth
/// request repeats one that is among the nine before it, answered by then or not. A turn in which a
/// key is answered in two ways, or something is answered that is not committed, is no figure.
final class Requests implements Contestant {
  private static final int ONE_IN_SO_MANY_REPEATS = 10;
  private static final int ONE_IN_SO_MANY_IS_LOOKED_FOR = 100;
  private static final String RECIPIENT = "recipient".repeat(16) + "-";

  private final StageRunner<Parcel, HandIn, HandedIn> stage;
  private final Database database;
  private final int clients;
  private final AtomicLong asked = new AtomicLong();

  Requests(StageRunner<Parcel, HandIn, HandedIn> stage, int clients) {
    this.stage = stage;
    this.database = stage.database();
    this.clients = clients;
  }

  @Override
  public String name() {
    return "request door";
  }

  @Override
  public Sample run(Duration duration) throws IOException, InterruptedException {
    Map<Long, Answer> answers = new ConcurrentHashMap<>();
    var wrong = new ConcurrentHashMap<Long, String>();
    // nothing is repeated from one turn to the next
    asked.updateAndGet(number -> number + ONE_IN_SO_MANY_REPEATS - number % ONE_IN_SO_MANY_REPEATS);
    long parcels = count("select count(*) as n from parcel");
    long events = count("select count(*) as n from outbox");
    Sample sample = new ClosedLoop(clients, () -> one(answers, wrong)).run(duration);
    parcels = count("select count(*) as n from parcel") - parcels;
    events = count("select count(*) as n from outbox") - events;
    long kept = kept(answers);
    if (!wrong.isEmpty() || kept != answers.size()) {
      throw new IOException(
          "%d keys were answered, %d of them as it is kept; wrong are %s"
              .formatted(answers.size(), kept, wrong));
    }
    // whoever failed may have been answered to nobody
    if (sample.failed() == 0 && (parcels != kept || events != kept)) {
      throw new IOException(
          "%d keys were answered, for which there are %d parcels and %d events"
              .formatted(kept, parcels, events));
    }
    return sample;
  }

  private long one(Map<Long, Answer> answers, Map<Long, String> wrong) {
    long number = asked.getAndIncrement();
    long place = number % ONE_IN_SO_MANY_REPEATS;
    boolean repeats = place == ONE_IN_SO_MANY_REPEATS - 1;
    long key = repeats ? number - 1 - ThreadLocalRandom.current().nextLong(place) : number;
    String recipient = RECIPIENT + key;
    Answer answer = stage.request(ParcelStage.request(key(key, recipient), recipient)).join();
    Answer first = answers.putIfAbsent(key, answer);
    if (first != null && !first.equals(answer)) {
      wrong.put(key, first.body() + " and " + answer.body());
    }
    if (number % ONE_IN_SO_MANY_IS_LOOKED_FOR == 0 && kept(Map.of(key, answer)) != 1) {
      wrong.put(key, "not committed: " + answer.body());
    }
    return 1;
  }

  private static Request.Key key(long number, String body) {
    return ParcelStage.key(Long.toString(number), sha256(body));
  }

  private static byte[] sha256(String body) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(body.getBytes(StandardCharsets.UTF_8));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("this Java runtime has no SHA-256", e);
    }
  }

  /// How many of these answers are kept as they were given, with a parcel each.
  private long kept(Map<Long, Answer> answers) {
    List<Map.Entry<Long, Answer>> rows = new ArrayList<>(answers.entrySet());
    return count(
        """
        select count(*) as n
        from unnest(?::uuid[], ?::text[], ?::text[]) as a (key_id, location, body)
        join http_request r on r.key_id = a.key_id and r.location = a.location and r.body = a.body
        join parcel p on p.parcel_id = r.request_id and p.version = 1
        """,
        Columns.of(rows, row -> key(row.getKey(), "").id(), UUID[]::new),
        Columns.of(rows, row -> row.getValue().location(), String[]::new),
        Columns.of(rows, row -> row.getValue().body(), String[]::new));
  }

  private long count(String sql, @Nullable Object... parameters) {
    return database
        .inStage(transaction ->
            transaction.query(sql, row -> Columns.required(row, "n", Long.class), parameters))
        .getFirst();
  }
}
