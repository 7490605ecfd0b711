package dev.slipway.web.github;

import dev.slipway.web.security.Caller;
import dev.slipway.web.security.Tenants;
import java.net.URI;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.springframework.http.HttpHeaders;

/// Follows redirects, as GitHub answers them for what was renamed: the same method and body again,
/// but only to the API itself, so that credentials go to nobody else. A token that opens whatever
/// its owner may goes along only to what is still its tenant's: an owner of another tenant's may
/// have the repository by now.
final class Redirects implements Exchange {
  private static final int MOST = 5;
  private static final Set<Integer> FOLLOWED = Set.of(301, 302, 307, 308);

  private static final Pattern BY_NAME = Pattern.compile("^/repos/([^/]+/[^/]+)");
  private static final Pattern BY_ID = Pattern.compile("^/repositories/[0-9]{1,18}(?![^/])");

  private final Exchange next;
  private final ApiAddress api;
  private final Tenants tenants;

  Redirects(Exchange next, ApiAddress api, Tenants tenants) {
    this.next = next;
    this.api = api;
    this.tenants = tenants;
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
      answer = follow(answer, place);
    }
    return answer;
  }

  private Received follow(Received answer, URI place) {
    Call call = answer.call();
    if (!call.as().isWide()) {
      return next.send(call.to(place));
    }
    String route = api.route(place);
    Matcher byName = BY_NAME.matcher(route);
    if (byName.find()) {
      requireOwn(byName.group(1));
      return next.send(call.to(place));
    }
    Matcher byId = BY_ID.matcher(route);
    if (!byId.find()) {
      throw refused(answer, "it was redirected to " + route + ", which is no repository");
    }
    Received repository = next.send(Call.get(api.of(byId.group()), call.as()));
    if (FOLLOWED.contains(repository.status())) {
      throw refused(repository, "it was redirected, so that nobody knows whose it is");
    }
    if (!repository.isSuccess()) {
      return repository;
    }
    requireOwn(AnswerJson.of(repository).text("/full_name"));
    return next.send(call.to(place));
  }

  private void requireOwn(String fullName) {
    if (Standing.of(tenants, Caller.DEFAULT_TENANT, fullName) != Standing.OWN) {
      throw GitHubCredentials.refused(fullName);
    }
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
