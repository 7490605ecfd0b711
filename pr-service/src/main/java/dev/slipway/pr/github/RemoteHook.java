package dev.slipway.pr.github;

import dev.slipway.web.github.AnswerJson;
import java.util.List;
import java.util.stream.Stream;

/// A webhook of a repository. Its secret is not told.
///
/// @param url that is called
/// @param contentType `json` or `form`
/// @param insecure whether the certificate of the other side is not looked at
/// @param hasSecret whether calls are signed
public record RemoteHook(
    long id,
    String url,
    String contentType,
    boolean insecure,
    boolean hasSecret,
    boolean active,
    List<String> events) {
  public RemoteHook {
    events = List.copyOf(events);
  }

  static RemoteHook of(AnswerJson json) {
    return new RemoteHook(
        json.number("/id"),
        json.textIfAny("/config/url").orElse(""),
        json.textIfAny("/config/content_type").orElse("form"),
        isInsecure(json),
        json.textIfAny("/config/secret").isPresent(),
        json.isTrue("/active"),
        json.texts("/events").toList());
  }

  /// GitHub writes it as a text or as a number.
  private static boolean isInsecure(AnswerJson json) {
    return Stream.concat(
            json.textIfAny("/config/insecure_ssl").stream(),
            json.numberIfAny("/config/insecure_ssl").stream().map(Object::toString))
        .anyMatch("1"::equals);
  }
}
