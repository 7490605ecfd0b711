package dev.slipway.ingress.delivery;

import dev.slipway.schemas.CodePoints;
import dev.slipway.schemas.FormPayload;
import dev.slipway.schemas.MalformedBodyException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.json.JsonFactory;

/// Reads a body in one pass without building a tree: checks that all of it is one JSON value (RFC
/// 8259, UTF-8) and picks a few fields on the way. As `JSON.parse` does, the last of equal names
/// wins.
final class PayloadReader {
  /// Each level costs the parser some memory, and nothing real is nested this deeply.
  static final int DEEPEST = 10_000;

  private static final int LONGEST_TEXT = 512;
  private static final int LONGEST_INT64 = 20;

  /// Bytes that the parser guesses the encoding from; in JSON as UTF-8 the first of them are ASCII,
  /// and a later one that is not stands inside a string.
  private static final int GUESSED_FROM = 4;

  private static final JsonFactory JSON =
      JsonFactory.builder()
          .streamReadConstraints(
              StreamReadConstraints.builder()
                  .maxNestingDepth(DEEPEST)
                  .maxNameLength(Integer.MAX_VALUE)
                  .maxNumberLength(Integer.MAX_VALUE)
                  .maxStringLength(Integer.MAX_VALUE)
                  .build())
          .build();

  /// Where the fields stand, and the slot that each is kept in.
  private static final Node ROOT =
      Node.object(
          Map.ofEntries(
              Map.entry("action", Node.text(Slot.ACTION)),
              Map.entry("number", Node.number(Slot.NUMBER)),
              Map.entry("pull_request", Node.object("number", Node.number(Slot.PULL_REQUEST))),
              Map.entry("issue", Node.object("number", Node.number(Slot.ISSUE))),
              Map.entry(
                  "repository",
                  Node.object(
                      Map.of(
                          "id", Node.number(Slot.REPOSITORY_ID),
                          "full_name", Node.text(Slot.FULL_NAME),
                          "owner", Node.object("login", Node.text(Slot.OWNER))))),
              Map.entry(
                  "organization",
                  Node.object(
                      Map.of(
                          "id", Node.number(Slot.ORGANIZATION_ID),
                          "login", Node.text(Slot.ORGANIZATION)))),
              Map.entry(
                  "installation",
                  Node.object(
                      Map.of(
                          "id", Node.number(Slot.INSTALLATION_ID),
                          "account", Node.object("login", Node.text(Slot.ACCOUNT))))),
              Map.entry("sender", Node.object("login", Node.text(Slot.SENDER)))));

  private enum Slot {
    ACTION,
    NUMBER,
    PULL_REQUEST,
    ISSUE,
    REPOSITORY_ID,
    FULL_NAME,
    OWNER,
    ORGANIZATION_ID,
    ORGANIZATION,
    INSTALLATION_ID,
    ACCOUNT,
    SENDER
  }

  private sealed interface Node {
    record Text(Slot slot) implements Node {}

    record Int64(Slot slot) implements Node {}

    record Fields(Map<String, Node> byName) implements Node {}

    static Node text(Slot slot) {
      return new Text(slot);
    }

    static Node number(Slot slot) {
      return new Int64(slot);
    }

    static Fields object(String name, Node child) {
      return new Fields(Map.of(name, child));
    }

    static Fields object(Map<String, Node> children) {
      return new Fields(Map.copyOf(children));
    }
  }

  private final JsonParser parser;
  private final Map<Slot, String> texts = new EnumMap<>(Slot.class);
  private final Map<Slot, Long> numbers = new EnumMap<>(Slot.class);

  private PayloadReader(JsonParser parser) {
    this.parser = parser;
  }

  /// @throws MalformedBodyException when the body is no form of that kind, or its JSON is malformed
  static Payload read(BodyKind kind, byte[] body) {
    return switch (kind) {
      case JSON -> {
        requireUtf8(Arrays.copyOf(body, Math.min(GUESSED_FROM, body.length)));
        Utf8Check.require(body);
        yield read(JSON.createParser(ObjectReadContext.empty(), body));
      }
      case FORM -> {
        requireUtf8(FormPayload.of(body).first(GUESSED_FROM));
        InputStream payload = Utf8Check.of(FormPayload.of(body));
        yield read(JSON.createParser(ObjectReadContext.empty(), payload));
      }
    };
  }

  private static Payload read(JsonParser parser) {
    try (parser) {
      var reader = new PayloadReader(parser);
      JsonToken first = parser.nextToken();
      if (first == null) {
        throw new MalformedBodyException("The body is empty.");
      }
      reader.value(ROOT, first);
      if (parser.nextToken() != null) {
        throw new MalformedBodyException("Something follows the JSON value of the body.");
      }
      return reader.payload();
    } catch (JacksonException e) {
      // Its message quotes the body.
      throw new MalformedBodyException("The body is no well-formed JSON.");
    }
  }

  /// Jackson guesses UTF-16 and UTF-32 from the first bytes; JSON on the wire is UTF-8 without BOM.
  private static void requireUtf8(byte[] start) {
    for (byte b : start) {
      if (b == 0 || b == (byte) 0xef || b == (byte) 0xfe || b == (byte) 0xff) {
        throw new MalformedBodyException("The body is no UTF-8 without byte order mark.");
      }
    }
  }

  /// Reads one value, whose first token was read already, to its end.
  private void value(Node node, JsonToken first) {
    switch (node) {
      case Node.Text(var slot) -> put(texts, slot, text(first));
      case Node.Int64(var slot) -> put(numbers, slot, number(first));
      case Node.Fields(var byName) -> {
        clear(node);
        if (first == JsonToken.START_OBJECT) {
          fields(byName);
          return;
        }
      }
    }
    parser.skipChildren();
  }

  private void fields(Map<String, Node> byName) {
    while (parser.nextToken() != JsonToken.END_OBJECT) {
      Node child = byName.get(parser.currentName());
      JsonToken first = parser.nextToken();
      if (child == null) {
        parser.skipChildren();
      } else {
        value(child, first);
      }
    }
  }

  /// An earlier value under the same name counts for nothing, not even for its parts.
  private void clear(Node node) {
    switch (node) {
      case Node.Text(var slot) -> put(texts, slot, null);
      case Node.Int64(var slot) -> put(numbers, slot, null);
      case Node.Fields(var byName) -> byName.values().forEach(this::clear);
    }
  }

  private @Nullable String text(JsonToken token) {
    return token == JsonToken.VALUE_STRING ? clean(parser.getString()) : null;
  }

  private @Nullable Long number(JsonToken token) {
    if (token != JsonToken.VALUE_NUMBER_INT || parser.getStringLength() > LONGEST_INT64) {
      return null;
    }
    try {
      return Long.valueOf(parser.getString());
    } catch (NumberFormatException _) {
      return null; // beyond 64 bits
    }
  }

  private static String clean(String text) {
    String cut = CodePoints.first(LONGEST_TEXT, text);
    if (cut.chars().noneMatch(c -> c == 0 || Character.isSurrogate((char) c))) {
      return cut;
    }
    StringBuilder clean = new StringBuilder();
    cut.codePoints()
        .map(c ->
            c == 0 || (c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE) ? 0xfffd : c)
        .forEach(clean::appendCodePoint);
    return clean.toString();
  }

  private Payload payload() {
    Long number = numbers.get(Slot.NUMBER);
    if (number == null) {
      number =
          numbers.get(Slot.PULL_REQUEST) == null
              ? numbers.get(Slot.ISSUE)
              : numbers.get(Slot.PULL_REQUEST);
    }
    List<String> owners = new ArrayList<>();
    String fullName = texts.get(Slot.FULL_NAME);
    add(owners, texts.get(Slot.OWNER));
    if (fullName != null && fullName.indexOf('/') >= 0) {
      add(owners, fullName.substring(0, fullName.indexOf('/')));
    }
    add(owners, texts.get(Slot.ORGANIZATION));
    add(owners, texts.get(Slot.ACCOUNT));
    return new Payload(
        texts.get(Slot.ACTION),
        number,
        numbers.get(Slot.REPOSITORY_ID),
        fullName,
        numbers.get(Slot.ORGANIZATION_ID),
        numbers.get(Slot.INSTALLATION_ID),
        texts.get(Slot.SENDER),
        owners);
  }

  private static void add(List<String> owners, @Nullable String login) {
    if (login != null && !owners.contains(login)) {
      owners.add(login);
    }
  }

  private static <T> void put(Map<Slot, T> values, Slot slot, @Nullable T value) {
    if (value == null) {
      values.remove(slot);
    } else {
      values.put(slot, value);
    }
  }
}
