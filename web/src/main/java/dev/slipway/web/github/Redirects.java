package dev.slipway.web.github;

import java.net.URI;
import java.util.Set;
import org.springframework.http.HttpHeaders;

/// Follows redirects, as GitHub answers them for what was renamed: the same method and body again,
/// but only to the API itself, so that credentials go to nobody else.
final class Redirects implements Exchange {
  private static final int MOST = 5;
  private static final Set<Integer> FOLLOWED = Set.of(301, 302, 307, 308);

  private final Exchange next;
  private final ApiAddress api;

  Redirects(Exchange next, ApiAddress api) {
    this.next = next;
    this.api = api;
  }

  @Override
  public Received send(Call call) {
    Received answer = next.send(call);
    for (int followed = 0; FOLLOWED.contains(answer.status()); followed++) {
      if (followed == MOST) {
        throw refused(answer, "it was redirected " + MOST + " times");
      }
      URI place = place(answer);
      if (!api.has(place)) {
        throw refused(
            answer,
            "it was redirected to %s, which is not the API at GITHUB_API_URL"
                .formatted(place.getHost()));
      }
      answer = next.send(answer.call().to(place));
    }
    return answer;
  }

  private static URI place(Received answer) {
    try {
      return answer.call().uri().resolve(answer.header(HttpHeaders.LOCATION).orElse(""));
    } catch (IllegalArgumentException _) {
      throw refused(answer, "it was redirected to what is no address");
    }
  }

  private static GitHubException refused(Received answer, String why) {
    return new GitHubException(
        GitHubFailure.lasting(FailureCode.INTERNAL, answer.route() + ": " + why));
  }
}
