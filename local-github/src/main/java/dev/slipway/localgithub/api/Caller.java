package dev.slipway.localgithub.api;

import dev.slipway.localserver.RefusedException;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Who asks, and what he may.
///
/// @param account in whose name things are done
/// @param kind of what he showed
/// @param repositories that he sees; nothing for all
/// @param permissions of an installation, such as pull_requests: write; others may everything
public record Caller(
    Account account, Kind kind, Optional<Set<Long>> repositories, Map<String, String> permissions) {
  public static final Caller OWNER =
      new Caller(Account.OWNER, Kind.USER, Optional.empty(), Map.of());

  public enum Kind {
    /// A person's token.
    USER,
    /// The token of an App's installation.
    INSTALLATION,
    /// A JWT that an App signed.
    APP
  }

  public Caller {
    repositories = repositories.map(Set::copyOf);
    permissions = Map.copyOf(permissions);
  }

  public boolean sees(long repository) {
    return kind != Kind.APP && repositories.map(some -> some.contains(repository)).orElse(true);
  }

  /// Whether he may do what needs one of these permissions.
  public boolean may(Set<String> anyOf, boolean write) {
    return kind == Kind.USER
        || (kind == Kind.INSTALLATION
            && anyOf.stream()
                .map(each -> permissions.getOrDefault(each, ""))
                .anyMatch(level ->
                    level.equals("admin")
                        || level.equals("write")
                        || (!write && level.equals("read"))));
  }

  /// As [#may], or the request is refused.
  public void require(boolean write, String... anyOf) {
    if (!may(Set.of(anyOf), write)) {
      throw new RefusedException(403, "Resource not accessible by integration");
    }
  }
}
