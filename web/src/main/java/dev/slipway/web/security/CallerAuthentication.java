package dev.slipway.web.security;

import java.time.Instant;
import java.util.List;
import org.springframework.security.authentication.AbstractAuthenticationToken;

/// A [Caller] in Spring Security's terms: the principal. It holds no token, so that none can leak.
/// Controllers whose answer may outlive the token take it as a parameter, for [#expiresAt].
public final class CallerAuthentication extends AbstractAuthenticationToken {
  private final transient Caller caller;
  private final Instant expiresAt;

  CallerAuthentication(Caller caller, Instant expiresAt) {
    super(List.of());
    this.caller = caller;
    this.expiresAt = expiresAt;
    super.setAuthenticated(true);
  }

  /// When the token ends: `exp`. May have passed already, by no more than the clock skew that is
  /// allowed for.
  public Instant expiresAt() {
    return expiresAt;
  }

  @Override
  public Caller getPrincipal() {
    return caller;
  }

  @Override
  public Object getCredentials() {
    return "";
  }

  @Override
  public String getName() {
    return caller.subject();
  }
}
