package dev.slipway.sandbox.e2b;

import java.util.Collection;
import java.util.Optional;
import java.util.OptionalInt;
import tools.jackson.databind.JsonNode;

/// What an error's body says: E2B's `{"code": 404, "message"}`, envd's the same, or the Connect
/// protocol's `{"code": "not_found", "message"}`.
///
/// @param number the code when it is one
/// @param word the code when it is one
/// @param message as it came: not to be passed on without [#cleaned]
record Complaint(OptionalInt number, Optional<String> word, String message) {
  private static final int LONGEST = 300;
  private static final int SHORTEST_SECRET = 4;

  static Complaint of(Answer answer) {
    return E2bJson.tryRead(answer.body())
        .map(Complaint::of)
        .orElseGet(() -> new Complaint(OptionalInt.empty(), Optional.empty(), ""));
  }

  static Complaint of(JsonNode body) {
    JsonNode code = body.path("code");
    return new Complaint(
        code.isInt() ? OptionalInt.of(code.intValue()) : OptionalInt.empty(),
        code.isString() ? Optional.of(code.stringValue()) : Optional.empty(),
        E2bJson.text(body, "message").orElse(""));
  }

  boolean says(int code) {
    return number.isPresent() && number.getAsInt() == code;
  }

  boolean says(String code) {
    return word.filter(code::equals).isPresent();
  }

  /// The message for people: one line, not long, and without what we sent in confidence, should the
  /// other side repeat it.
  String cleaned(Collection<String> secrets) {
    String text = message;
    for (String secret : secrets) {
      if (secret.length() >= SHORTEST_SECRET) {
        text = text.replace(secret, "********");
      }
    }
    text = text.replaceAll("\\p{Cntrl}+", " ").strip();
    return text.length() > LONGEST ? text.substring(0, LONGEST) + "…" : text;
  }
}
