package dev.slipway.pr.github;

import dev.slipway.pipeline.security.Secret;
import java.util.List;

/// What a webhook is to be.
///
/// @param secret that its calls are signed with
public record HookSettings(String url, Secret secret, List<String> events) {
  public HookSettings {
    events = List.copyOf(events);
  }
}
