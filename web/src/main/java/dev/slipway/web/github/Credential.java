package dev.slipway.web.github;

import dev.slipway.pipeline.security.Secret;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Who a call is made as.
///
/// @param name for people and for what is counted or kept per caller; holds nothing secret
/// @param secret what is sent; null for [#ANYBODY]
/// @param scope the repository that an installation's token was asked for; null for others
/// @param freshUntil when all of GitHub can be expected to know it; null when it does
public record Credential(
    String name,
    @Nullable Secret secret,
    @Nullable RepositoryPath scope,
    @Nullable Instant freshUntil) {
  /// Nobody in particular.
  public static final Credential ANYBODY = new Credential("anybody", null, null, null);

  static Credential token(Secret token) {
    return new Credential("token", token, null, null);
  }

  static Credential app(String appId, Secret jwt) {
    return new Credential("app " + appId, jwt, null, null);
  }

  static Credential installation(
      long installation, RepositoryPath scope, Secret token, Instant freshUntil) {
    return new Credential(nameOf(installation), token, scope, freshUntil);
  }

  private static String nameOf(long installation) {
    return "installation " + installation;
  }

  /// Whether it is a token of this installation.
  boolean isOf(long installation) {
    return name.equals(nameOf(installation));
  }

  /// Whether it opens whatever its owner may, not one repository alone.
  boolean isWide() {
    return secret != null && name.equals("token");
  }

  /// Whether a part of GitHub may not know it yet.
  boolean isFresh(Instant now) {
    return freshUntil != null && now.isBefore(freshUntil);
  }

  /// Whether a value can be that of a header. What refuses one that cannot repeats it in its
  /// message.
  static boolean isForHeader(Secret token) {
    return token.value().chars().allMatch(c -> c > ' ' && c < 127);
  }

  /// What is sent, where something is.
  public Optional<Secret> token() {
    return Optional.ofNullable(secret);
  }

  /// What answers are kept under: never another caller's, nor those of another repository's token.
  String cacheKey() {
    return scope == null ? name : name + " for " + scope;
  }

  /// What people can do when it was not enough.
  String remedy() {
    if (scope != null) {
      return "give the App the permission on " + scope;
    }
    if (secret == null) {
      return "set GITHUB_TOKEN, or install the App on the repository";
    }
    return isWide()
        ? "check GITHUB_TOKEN, its permissions and its end"
        : "check GITHUB_APP_ID and GITHUB_APP_KEY_FILE";
  }

  /// A text without what is secret of it.
  String masked(String text) {
    return secret == null ? text : text.replace(secret.value(), "********");
  }
}
