package dev.slipway.pr.github;

import dev.slipway.web.github.AnswerJson;
import org.jspecify.annotations.Nullable;

/// A repository as GitHub shows it.
///
/// @param fullName `owner/name` as it is now
/// @param defaultBranch null when it has none
/// @param cloneUrl what git clones and pushes to
/// @param sizeKib roughly, by GitHub's own count
/// @param canPush whether the credential may; also when GitHub does not say
public record RemoteRepository(
    long id,
    String fullName,
    @Nullable String defaultBranch,
    String cloneUrl,
    String htmlUrl,
    long sizeKib,
    boolean archived,
    boolean canPush) {
  static RemoteRepository of(AnswerJson json) {
    return new RemoteRepository(
        json.number("/id"),
        json.text("/full_name"),
        json.textIfAny("/default_branch").orElse(null),
        json.text("/clone_url"),
        json.text("/html_url"),
        json.numberIfAny("/size").orElse(0L),
        json.isTrue("/archived"),
        json.isTrueUnlessSaid("/permissions/push"));
  }
}
