package dev.slipway.sandbox.git;

import dev.slipway.pipeline.core.RepositoryUrl;
import dev.slipway.sandbox.git.GitRun.Remote;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;

/// Where repositories have gone that were renamed. Git itself follows no redirect: it would take
/// the credential along, wherever that leads.
final class Moves {
  private static final String REFERENCES = "/info/refs";
  private static final Set<Integer> REDIRECTS = Set.of(301, 302, 307, 308);

  private Moves() {}

  /// Where the host says that a repository is.
  ///
  /// @return empty when it says nothing of the kind, or names another host
  static Optional<RepositoryUrl> ask(Remote remote, Duration timeout) throws InterruptedException {
    URI asked = URI.create(remote.url() + REFERENCES + "?service=git-upload-pack");
    HttpRequest.Builder request = HttpRequest.newBuilder(asked);
    HostCalls.authorize(request, remote.credential());
    try (HostCalls http = new HostCalls(timeout)) {
      HttpResponse<Void> answer = http.send(request, BodyHandlers.discarding());
      return REDIRECTS.contains(answer.statusCode())
          ? answer.headers().firstValue("Location").flatMap(to -> within(asked, to))
          : Optional.empty();
    }
  }

  /// The repository that a redirect leads to, if it is one on the same host. Pure.
  ///
  /// @param asked for references of the repository before
  /// @param location as the answer has it
  static Optional<RepositoryUrl> within(URI asked, String location) {
    URI to;
    try {
      to = asked.resolve(location);
    } catch (IllegalArgumentException _) {
      return Optional.empty();
    }
    boolean isSameHost =
        asked.getScheme().equals(to.getScheme())
            && to.getRawAuthority() != null
            && asked.getRawAuthority().equalsIgnoreCase(to.getRawAuthority());
    String path = to.getRawPath() == null ? "" : to.getRawPath();
    if (!isSameHost || !path.endsWith(REFERENCES)) {
      return Optional.empty();
    }
    String repository = path.substring(0, path.length() - REFERENCES.length());
    return RepositoryUrl.parse(to.getScheme() + "://" + to.getRawAuthority() + repository)
        .filter(RepositoryUrl::isNamed);
  }
}
