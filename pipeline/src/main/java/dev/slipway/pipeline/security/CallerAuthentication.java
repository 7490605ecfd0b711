package dev.slipway.pipeline.security;

import java.util.List;
import org.springframework.security.authentication.AbstractAuthenticationToken;

/// A [Caller] in Spring Security's terms: the principal. It holds no token, so that none can leak.
final class CallerAuthentication extends AbstractAuthenticationToken {
  private final transient Caller caller;

  CallerAuthentication(Caller caller) {
    super(List.of());
    this.caller = caller;
    super.setAuthenticated(true);
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
