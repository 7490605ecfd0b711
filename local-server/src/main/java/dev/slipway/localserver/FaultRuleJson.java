package dev.slipway.localserver;

import dev.slipway.localserver.FaultRule.Kind;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;

/// Reads `{"rules":[{"match","kind","status","delay_ms","times"}]}`.
final class FaultRuleJson {
  private static final Pattern MATCH = Pattern.compile("(\\*|[A-Z]+) (/\\S*)");
  private static final Set<String> FIELDS = Set.of("match", "kind", "status", "delay_ms", "times");
  private static final int LONGEST_DELAY_MS = 600_000;
  private static final int MOST_TIMES = 1_000_000;
  private static final int REORDER_MS = 1_000;

  private FaultRuleJson() {}

  /// The rules.
  ///
  /// @throws RefusedException 400, naming the field that is wrong
  static List<FaultRule> parse(JsonNode body) {
    JsonNode rules = body.path("rules");
    if (!rules.isArray()) {
      throw bad("rules", "must be an array");
    }
    requireKnown(body, Set.of("rules"), "");
    List<FaultRule> parsed = new ArrayList<>();
    for (int i = 0; i < rules.size(); i++) {
      parsed.add(rule(rules.get(i), "rules[" + i + "]"));
    }
    return parsed;
  }

  private static FaultRule rule(JsonNode rule, String at) {
    if (!rule.isObject()) {
      throw bad(at, "must be an object");
    }
    requireKnown(rule, FIELDS, at + ".");
    var match = MATCH.matcher(rule.path("match").asString(""));
    if (!match.matches()) {
      throw bad(at + ".match", "must be a method, a space and a path, such as POST /repos/*/pulls");
    }
    Kind kind = kind(rule.path("kind").asString(""), at + ".kind");
    int status = number(rule, "status", at, kind == Kind.LIMIT ? 429 : 503, 400, 599);
    int delay =
        number(rule, "delay_ms", at, kind == Kind.REORDER ? REORDER_MS : 0, 0, LONGEST_DELAY_MS);
    int times = number(rule, "times", at, 1, 1, MOST_TIMES);
    return new FaultRule(
        match.group(1),
        Routes.segments(match.group(2)),
        kind,
        status,
        Duration.ofMillis(delay),
        times);
  }

  private static Kind kind(String name, String at) {
    return Stream.of(Kind.values())
        .filter(kind -> kind.name().toLowerCase(Locale.ROOT).equals(name))
        .findFirst()
        .orElseThrow(() ->
            bad(
                at,
                "must be one of "
                    + Stream.of(Kind.values())
                        .map(kind -> kind.name().toLowerCase(Locale.ROOT))
                        .collect(Collectors.joining(", "))));
  }

  private static int number(
      JsonNode rule, String field, String at, int absent, int least, int most) {
    JsonNode value = rule.path(field);
    if (value.isMissingNode()) {
      return absent;
    }
    if (!value.isIntegralNumber()
        || !value.canConvertToInt()
        || value.asInt() < least
        || value.asInt() > most) {
      throw bad(at + "." + field, "must be a whole number from " + least + " to " + most);
    }
    return value.asInt();
  }

  private static void requireKnown(JsonNode object, Set<String> known, String at) {
    for (String field : object.propertyNames()) {
      if (!known.contains(field)) {
        throw bad(at + field, "is unknown");
      }
    }
  }

  private static RefusedException bad(String field, String what) {
    return new RefusedException(400, field + " " + what);
  }
}
