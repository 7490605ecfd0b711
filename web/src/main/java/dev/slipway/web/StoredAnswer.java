package dev.slipway.web;

import static dev.slipway.pipeline.database.Columns.required;

import dev.slipway.pipeline.database.Database;
import dev.slipway.pipeline.stage.Request;
import dev.slipway.pipeline.stage.Request.Answer;
import io.r2dbc.spi.Parameters;
import io.r2dbc.spi.R2dbcType;
import java.net.URI;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.UUID;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.r2dbc.core.DatabaseClient;
import reactor.core.publisher.Mono;
import tools.jackson.databind.json.JsonMapper;

/// Rows of `http_request`: answers that requests got.
final class StoredAnswer {
  private StoredAnswer() {}

  /// An answer as it is kept.
  static Answer of(ResponseEntity<?> answer, JsonMapper json) {
    return new Answer(
        answer.getStatusCode().value(),
        answer.getHeaders().getFirst(HttpHeaders.LOCATION),
        answer.getBody() == null ? "" : json.writeValueAsString(answer.getBody()));
  }

  /// The response that a kept answer is.
  static ResponseEntity<String> toResponse(Answer answer) {
    ResponseEntity.BodyBuilder response =
        ResponseEntity.status(answer.status()).contentType(MediaType.APPLICATION_JSON);
    if (answer.location() != null) {
      response.location(URI.create(answer.location()));
    }
    return response.body(answer.body());
  }

  /// Claims the id until the transaction ends; false when another transaction has it.
  static Mono<Boolean> lock(DatabaseClient client, UUID id) {
    return client
        .sql("select pg_try_advisory_xact_lock(hashtextextended($1::text, 0)) as locked")
        .bind(0, id)
        .map(row -> required(row, "locked", Boolean.class))
        .one();
  }

  /// Empty for a request not seen before; `key_reused` when its body was another one.
  static Mono<Answer> find(DatabaseClient client, Request.Key key) {
    return client
        .sql("select body_sha256, status, location, body from http_request where key_id = $1")
        .bind(0, key.id())
        .map(row -> {
          if (!MessageDigest.isEqual(
              key.bodySha256(), required(row, "body_sha256", byte[].class))) {
            throw Problems.keyReused();
          }
          return new Answer(
              required(row, "status", Integer.class),
              row.get("location", String.class),
              required(row, "body", String.class));
        })
        .one();
  }

  /// Keeps an answer.
  ///
  /// @param requestId that was drawn for the first request under the key
  static Mono<Void> insert(DatabaseClient client, Request.Key key, UUID requestId, Answer answer) {
    return client
        .sql(
            """
            insert into http_request (key_id, request_id, tenant, body_sha256, status, location, body)
            values ($1, $2, $3, $4, $5, $6, $7)
            """)
        .bind(0, key.id())
        .bind(1, requestId)
        .bind(2, key.tenant())
        .bind(3, key.bodySha256())
        .bind(4, answer.status())
        .bind(5, answer.location() == null ? Parameters.in(R2dbcType.VARCHAR) : answer.location())
        .bind(6, answer.body())
        .then();
  }

  /// Deletes what is older, of every tenant; blocks.
  static int deleteOlderThan(Database database, Duration age) {
    return database.inStage(transaction ->
        transaction.update(
            "delete from http_request where created_at < now() - make_interval(secs => ?)",
            (double) age.toSeconds()));
  }
}
