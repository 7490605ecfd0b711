package dev.slipway.web.github;

/// Makes a call whose token was refused once more with a new one, where there is one.
final class Authorised implements Exchange {
  private static final int UNAUTHORISED = 401;

  private final Exchange next;
  private final GitHubCredentials credentials;

  Authorised(Exchange next, GitHubCredentials credentials) {
    this.next = next;
    this.credentials = credentials;
  }

  @Override
  public Received send(Call call) {
    Received answer = next.send(call);
    return answer.status() == UNAUTHORISED
        ? credentials.renewed(call.as()).map(call::as).map(next::send).orElse(answer)
        : answer;
  }
}
