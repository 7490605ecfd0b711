package dev.slipway.web.github;

import dev.slipway.pipeline.core.RepositoryUrl;
import dev.slipway.pipeline.live.GitHubNames;
import java.util.Optional;
import java.util.regex.Pattern;

/// What a repository is called in the paths of GitHub's API.
public record RepositoryPath(String owner, String name) {
  private static final Pattern PART = Pattern.compile("(?!\\.{1,2}$)[A-Za-z0-9_.-]{1,100}");

  public RepositoryPath {
    if (!PART.matcher(owner).matches() || !PART.matcher(name).matches()) {
      throw new IllegalArgumentException("an owner and a name are letters, digits, '.', '_', '-'");
    }
  }

  /// That of an address.
  ///
  /// @param url which [RepositoryUrl#isNamed]
  public static RepositoryPath of(RepositoryUrl url) {
    return new RepositoryPath(url.owner(), url.name());
  }

  /// Reads `owner/name`.
  public static Optional<RepositoryPath> parse(String text) {
    String[] parts = text.split("/", -1);
    return parts.length == 2 && PART.matcher(parts[0]).matches() && PART.matcher(parts[1]).matches()
        ? Optional.of(new RepositoryPath(parts[0], parts[1]))
        : Optional.empty();
  }

  /// The same for every way to write it.
  RepositoryPath folded() {
    return new RepositoryPath(GitHubNames.folded(owner), GitHubNames.folded(name));
  }

  /// As `owner/name`.
  @Override
  public String toString() {
    return owner + "/" + name;
  }
}
