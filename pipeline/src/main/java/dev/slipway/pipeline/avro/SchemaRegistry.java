package dev.slipway.pipeline.avro;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.slipway.pipeline.avro.KnownSchemas.Subject;
import dev.slipway.pipeline.error.PermanentException;
import dev.slipway.pipeline.error.RetryableException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import org.apache.avro.Schema;
import org.apache.avro.SchemaParseException;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Schemas and their ids, as a registry has them. Answers are kept among [KnownSchemas], refusals
/// for half a minute. A call that is not answered from a cache blocks, so no event loop may make
/// it.
final class SchemaRegistry implements AutoCloseable {
  private static final JsonMapper JSON = JsonMapper.shared();
  private static final Duration REFUSAL_KEPT = Duration.ofSeconds(30);
  private static final int REFUSALS_KEPT = 1_000;

  private final RegistryHttp http;
  private final boolean autoRegister;
  private final KnownSchemas known;
  private final Cache<Object, PermanentException> refusals;

  SchemaRegistry(RegistrySettings settings) {
    http = new RegistryHttp(settings);
    autoRegister = settings.autoRegister();
    known = settings.known();
    refusals =
        Caffeine.newBuilder().maximumSize(REFUSALS_KEPT).expireAfterWrite(REFUSAL_KEPT).build();
  }

  /// Id of `schema` under `subject`: registered if it is not there and registering is allowed, else
  /// looked up.
  ///
  /// @throws RetryableException when no registry answers
  /// @throws PermanentException when the registry refuses the schema, or does not have it
  int idOf(String subject, Schema schema) {
    var key = new Subject(subject, schema);
    Integer found = known.id(key);
    if (found != null) {
      return found;
    }
    String path = "/subjects/" + URLEncoder.encode(subject, StandardCharsets.UTF_8);
    String body = JSON.writeValueAsString(Map.of("schema", schema.toString()));
    JsonNode answer = ask(key, autoRegister ? path + "/versions" : path, body);
    if (!answer.path("id").isInt()) {
      throw new RetryableException(
          "the schema registry answered no id", RegistryHttp.MALFORMED_RETRY, null);
    }
    int id = answer.path("id").intValue();
    known.put(key, id);
    return id;
  }

  /// The schema that was registered under `id`.
  ///
  /// @throws RetryableException when no registry answers
  /// @throws PermanentException when the registry has no such id, or no Avro schema under it
  Schema byId(int id) {
    Schema found = known.schema(id);
    if (found != null) {
      return found;
    }
    JsonNode answer = ask(id, "/schemas/ids/" + id, null);
    Schema schema = parse(id, answer.path("schema").asString(""));
    known.put(id, schema);
    return schema;
  }

  private static Schema parse(int id, String text) {
    try {
      return new Schema.Parser().parse(text);
    } catch (SchemaParseException e) {
      throw new PermanentException("schema %d of the registry is no Avro schema".formatted(id), e);
    }
  }

  private JsonNode ask(Object key, String path, @Nullable String body) {
    PermanentException refused = refusals.getIfPresent(key);
    if (refused != null) {
      throw new PermanentException("refused a moment ago: " + refused.getMessage(), refused);
    }
    known.asks(key);
    try {
      JsonNode answer = JSON.readTree(http.call(path, body));
      known.answered(key);
      return answer;
    } catch (PermanentException e) {
      known.answered(key);
      refusals.put(key, e);
      throw e;
    } catch (JacksonException e) {
      throw new RetryableException(
          "the schema registry answered no JSON", RegistryHttp.MALFORMED_RETRY, e);
    }
  }

  @Override
  public void close() {
    http.close();
  }
}
