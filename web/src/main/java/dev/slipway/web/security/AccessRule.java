package dev.slipway.web.security;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// What some paths ask of their callers. Each service contributes its rules as beans; a path under
/// `/api` that no rule names needs a valid token, and a controller outside `/api` that no rule
/// names stops the start.
///
/// Rules of different scopes must not overlap; an open one goes before every other.
///
/// @param scope what the token must allow; null when the paths are open to everybody
/// @param operatorOnly whether its tenant must be [Caller#DEFAULT_TENANT] too, because what the
///   paths show and do is not one tenant's alone
/// @param paths patterns such as `/api/v1/deliveries/**`, which matches `/api/v1/deliveries` too
public record AccessRule(@Nullable Scope scope, boolean operatorOnly, List<String> paths) {
  public AccessRule {
    paths = List.copyOf(paths);
  }

  /// Paths that ask for no token; one that is sent all the same is not looked at.
  public static AccessRule open(String... paths) {
    return new AccessRule(null, false, List.of(paths));
  }

  public static AccessRule needs(Scope scope, String... paths) {
    return new AccessRule(scope, false, List.of(paths));
  }

  /// Paths for the operator of the installation.
  public static AccessRule needsOperator(Scope scope, String... paths) {
    return new AccessRule(scope, true, List.of(paths));
  }
}
