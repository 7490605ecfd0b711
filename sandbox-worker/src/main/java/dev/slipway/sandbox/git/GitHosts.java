package dev.slipway.sandbox.git;

import dev.slipway.pipeline.core.RepositoryUrl;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Which hosts may be spoken to: pure.
///
/// @param names with the port that does not go without saying
/// @param plain the only one of them that is spoken to without encryption; null for none
record GitHosts(Set<String> names, @Nullable String plain) {
  GitHosts {
    names = Set.copyOf(names);
  }

  /// Why a repository may not be spoken to, for people; empty when it may.
  Optional<String> refusal(RepositoryUrl url) {
    if (!url.isNamed()) {
      return Optional.of("It must name a repository: https://HOST/OWNER/NAME.");
    }
    if (!names.contains(url.host())) {
      return Optional.of("Its host is none of those that are spoken to: %s.".formatted(list()));
    }
    return url.isEncrypted() || url.host().equals(plain)
        ? Optional.empty()
        : Optional.of("It must begin with https.");
  }

  private String list() {
    return String.join(", ", names.stream().sorted().toList());
  }
}
