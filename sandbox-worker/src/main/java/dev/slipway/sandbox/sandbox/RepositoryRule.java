package dev.slipway.sandbox.sandbox;

import dev.slipway.pipeline.core.RepositoryUrl;
import java.util.Optional;

/// Which repositories a tenant may have, whoever asks: nothing outside is asked for that.
@FunctionalInterface
public interface RepositoryRule {
  /// Why a tenant may not have a repository fetched, for people; empty when it may.
  Optional<String> refusal(String tenant, RepositoryUrl url);
}
