package dev.slipway.web.github;

import dev.slipway.pipeline.security.Secret;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Optional;
import java.util.stream.Stream;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Reads an answer. What it must have and lacks, or has in another type, is a [GitHubException]
/// that says so; everything else is not looked at.
public final class AnswerJson {
  private final Received answer;
  private final JsonNode json;

  private AnswerJson(Received answer, JsonNode json) {
    this.answer = answer;
    this.json = json;
  }

  /// Reads one that is JSON.
  public static AnswerJson of(Received answer) {
    try {
      return new AnswerJson(answer, JsonMapper.shared().readTree(answer.body()));
    } catch (JacksonException _) {
      throw unreadable(answer, "JSON");
    }
  }

  /// The items of a list.
  public Stream<AnswerJson> items() {
    if (!json.isArray()) {
      throw unreadable(answer, "a list");
    }
    return json.valueStream().map(item -> new AnswerJson(answer, item));
  }

  /// The texts of a list in it; none when it has none.
  public Stream<String> texts(String pointer) {
    JsonNode list = json.at(pointer);
    return list.isArray()
        ? list.valueStream().filter(JsonNode::isString).map(JsonNode::asString)
        : Stream.empty();
  }

  /// A number that must be there.
  ///
  /// @param pointer to a member (RFC 6901), as everywhere here
  public long number(String pointer) {
    JsonNode node = json.at(pointer);
    if (!node.isIntegralNumber() || !node.canConvertToLong()) {
      throw unreadable(answer, "a number at " + pointer);
    }
    return node.asLong();
  }

  /// A number that need not be there.
  public Optional<Long> numberIfAny(String pointer) {
    JsonNode node = json.at(pointer);
    return node.isIntegralNumber() && node.canConvertToLong()
        ? Optional.of(node.asLong())
        : Optional.empty();
  }

  public String text(String pointer) {
    return textIfAny(pointer).orElseThrow(() -> unreadable(answer, "a text at " + pointer));
  }

  /// A token to speak with.
  Secret token(String pointer) {
    var token = new Secret(text(pointer));
    if (!Credential.isForHeader(token)) {
      throw unreadable(answer, "a token of visible ASCII at " + pointer);
    }
    return token;
  }

  /// A text that need not be there.
  public Optional<String> textIfAny(String pointer) {
    JsonNode node = json.at(pointer);
    return node.isString() ? Optional.of(node.asString()) : Optional.empty();
  }

  /// Whether something is said to be so.
  public boolean isTrue(String pointer) {
    JsonNode node = json.at(pointer);
    return node.isBoolean() && node.asBoolean();
  }

  /// Whether something is said to be so, or not said.
  public boolean isTrueUnlessSaid(String pointer) {
    JsonNode node = json.at(pointer);
    return !node.isBoolean() || node.asBoolean();
  }

  public Instant instant(String pointer) {
    try {
      return OffsetDateTime.parse(text(pointer)).toInstant();
    } catch (DateTimeException _) {
      throw unreadable(answer, "a time at " + pointer);
    }
  }

  private static GitHubException unreadable(Received answer, String expected) {
    return new GitHubException(
        GitHubFailure.lasting(
            FailureCode.INTERNAL,
            "%s: answered %d without %s: is GITHUB_API_URL that of a GitHub?"
                .formatted(answer.route(), answer.status(), expected),
            answer.call()));
  }
}
