package dev.slipway.pr.pullrequest;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.pcollections.HashTreePMap;
import org.pcollections.PMap;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.ObjectReader;
import tools.jackson.databind.ObjectWriter;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.json.JsonMapper;

/// Registers of a pull request as JSON, as its row keeps them.
final class RegisterCodec {
  private static final JsonMapper JSON =
      JsonMapper.builder()
          .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
          .changeDefaultPropertyInclusion(
              inclusion -> inclusion.withValueInclusion(JsonInclude.Include.NON_NULL))
          .build();
  private static final ObjectWriter WRITER = JSON.writer();
  private static final ObjectReader CORE = JSON.readerFor(Core.class);
  private static final ObjectReader MERGE = JSON.readerFor(Merge.class);
  private static final ObjectReader REVIEWS = JSON.readerFor(new TypeReference<List<Review>>() {});

  private RegisterCodec() {}

  static @Nullable String write(@Nullable Record register) {
    return register == null ? null : WRITER.writeValueAsString(register);
  }

  static String write(PMap<Long, Review> reviews) {
    return reviews.isEmpty()
        ? "[]"
        : WRITER.writeValueAsString(
            reviews.entrySet().stream()
                .sorted(Map.Entry.comparingByKey())
                .map(Map.Entry::getValue)
                .toList());
  }

  static @Nullable Core core(@Nullable String json) {
    return json == null ? null : CORE.readValue(json);
  }

  static @Nullable Merge merge(@Nullable String json) {
    return json == null ? null : MERGE.readValue(json);
  }

  static PMap<Long, Review> reviews(@Nullable String json) {
    if (json == null || json.equals("[]")) {
      return HashTreePMap.empty();
    }
    List<Review> reviews = REVIEWS.readValue(json);
    return HashTreePMap.from(
        reviews.stream().collect(Collectors.toMap(Review::id, Function.identity())));
  }
}
