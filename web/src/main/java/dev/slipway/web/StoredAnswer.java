package dev.slipway.web;

import static dev.slipway.pipeline.database.Columns.required;

import dev.slipway.pipeline.database.Database;
import io.r2dbc.spi.Parameters;
import io.r2dbc.spi.R2dbcType;
import java.net.URI;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.r2dbc.core.DatabaseClient;
import reactor.core.publisher.Mono;
import tools.jackson.databind.json.JsonMapper;

/// A row of `http_request`: the answer that a request got.
record StoredAnswer(int status, @Nullable String location, String body) {
  static StoredAnswer of(ResponseEntity<?> answer, JsonMapper json) {
    return new StoredAnswer(
        answer.getStatusCode().value(),
        answer.getHeaders().getFirst(HttpHeaders.LOCATION),
        answer.getBody() == null ? "" : json.writeValueAsString(answer.getBody()));
  }

  ResponseEntity<String> toResponse() {
    ResponseEntity.BodyBuilder answer =
        ResponseEntity.status(status).contentType(MediaType.APPLICATION_JSON);
    if (location != null) {
      answer.location(URI.create(location));
    }
    return answer.body(body);
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
  ///
  /// @param id of the key
  static Mono<StoredAnswer> find(DatabaseClient client, UUID id, byte[] digest) {
    return client
        .sql("select body_sha256, status, location, body from http_request where key_id = $1")
        .bind(0, id)
        .map(row -> {
          if (!MessageDigest.isEqual(digest, required(row, "body_sha256", byte[].class))) {
            throw new ApiException(
                ErrorCode.KEY_REUSED, "This key was used for a request with another body.");
          }
          return new StoredAnswer(
              required(row, "status", Integer.class),
              row.get("location", String.class),
              required(row, "body", String.class));
        })
        .one();
  }

  /// Keeps it.
  ///
  /// @param id of the key
  /// @param requestId that was drawn for the first request under it
  Mono<Void> insert(DatabaseClient client, UUID id, UUID requestId, String tenant, byte[] digest) {
    return client
        .sql(
            """
            insert into http_request (key_id, request_id, tenant, body_sha256, status, location, body)
            values ($1, $2, $3, $4, $5, $6, $7)
            """)
        .bind(0, id)
        .bind(1, requestId)
        .bind(2, tenant)
        .bind(3, digest)
        .bind(4, status)
        .bind(5, location == null ? Parameters.in(R2dbcType.VARCHAR) : location)
        .bind(6, body)
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
