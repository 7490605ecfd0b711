package dev.slipway.pr.delivery;

import dev.slipway.pipeline.core.LogPosition;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// One webhook as it stands in the log, its body aside.
///
/// @param id which is unique within its tenant
/// @param tenant whom it belongs to
/// @param position where it stands; a second copy of a delivery stands elsewhere
record Webhook(
    DeliveryId id, String tenant, About about, Origin origin, Body body, LogPosition position) {

  /// What it is about; what the body lacks, or has in another type, is null.
  ///
  /// @param event header `X-GitHub-Event`
  /// @param number of the pull request or issue
  /// @param sender login
  record About(
      String event,
      @Nullable String action,
      Repository repository,
      @Nullable Long number,
      @Nullable String sender) {}

  /// @param fullName `owner/name` at that time
  record Repository(@Nullable Long id, @Nullable String fullName) {
    /// For a key, where every delivery needs one.
    long idOrZero() {
      return id == null ? 0 : id;
    }
  }

  /// Where it came from.
  record Origin(@Nullable Long hookId, @Nullable Long installationId, Instant receivedAt) {}

  /// @param contentType media type without parameters
  /// @param sha256 lower-case hex of the digest of the verbatim bytes
  record Body(String contentType, int sizeBytes, String sha256) {}
}
