package dev.slipway.schemas;

import com.github.f4b6a3.uuid.UuidCreator;
import java.util.Locale;
import java.util.UUID;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// The formulas of ids (RFC 9562): what comes from outside gets a UUIDv7; what is derived gets a
/// UUIDv5 of what it derives from, so that deriving it again gives the same id.
///
/// The formulas are a contract with every record ever written: they never change. `IdsTest` holds
/// their vectors.
public final class Ids {
  private static final UUID DNS = UUID.fromString("6ba7b810-9dad-11d1-80b4-00c04fd430c8");

  /// Root of all derived ids: UUIDv5 of the DNS name `slipway.dev`.
  public static final UUID SLIPWAY = v5(DNS, "slipway.dev");

  /// The tenant of whatever no other tenant claims.
  public static final String DEFAULT_TENANT = "default";

  /// A UUID as people and programs write it: all 36 characters, letters in either case.
  /// [UUID#fromString] would take less.
  public static final Pattern UUID_TEXT =
      Pattern.compile("[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}");

  private static final UUID DELIVERIES = v5(SLIPWAY, "github.deliveries");
  private static final UUID REQUESTS = v5(SLIPWAY, "http");

  private Ids() {}

  /// A fresh, time-ordered id (UUIDv7) for what enters from outside. Only entrances call it.
  public static UUID fresh() {
    return UuidCreator.getTimeOrderedEpoch();
  }

  /// Id of a webhook delivery within its tenant: its GUID, which GitHub shares between all hooks
  /// that get the same event and repeats on redelivery. A value that is no UUID is hashed together
  /// with the hook that sent it.
  ///
  /// @param guid header `X-GitHub-Delivery`, 1–128 visible ASCII characters
  /// @param hookId header `X-GitHub-Hook-ID`; null when absent
  public static UUID delivery(String guid, @Nullable Long hookId) {
    if (UUID_TEXT.matcher(guid).matches()) {
      return UUID.fromString(guid.toLowerCase(Locale.ROOT));
    }
    return v5(DELIVERIES, (hookId == null ? "" : hookId.toString()) + "|" + guid);
  }

  /// Id of the record that keeps a webhook delivery. Tenants may share a GUID: one hook belongs to
  /// a repository and one to an app, or one of the two makes it up. So what everything deduplicates
  /// on names the tenant, but for the one that had no name in it from the beginning.
  ///
  /// @param delivery what [#delivery] answers
  public static UUID deliveryRecord(String tenant, UUID delivery) {
    return tenant.equals(DEFAULT_TENANT) ? delivery : v5(DELIVERIES, tenant + "|" + delivery);
  }

  /// Id of a record that a stage derives from another.
  ///
  /// @param stage name of the stage, such as `pr-service.deliveries`
  /// @param cause id of the record it is derived from
  /// @param type `ce_type` of the derived record
  /// @param key topic key of the derived record
  /// @param n how many outputs of equal type and key the same decision made before this one
  public static UUID derived(String stage, UUID cause, String type, String key, int n) {
    return v5(v5(SLIPWAY, stage), cause + "|" + type + "|" + key + "|" + n);
  }

  /// Id of an HTTP request that carries an `Idempotency-Key`: the same for every repetition of it.
  ///
  /// @param route method and path, such as `POST /api/v1/tasks`
  public static UUID request(String tenant, String subject, String route, String idempotencyKey) {
    return v5(
        REQUESTS,
        v5(REQUESTS, tenant)
            + "|"
            + v5(REQUESTS, subject)
            + "|"
            + v5(REQUESTS, route)
            + "|"
            + idempotencyKey);
  }

  /// Stand-in id of a record that carries none of its own: its place in the log, which no other
  /// record shares.
  ///
  /// @param topicId the topic's own id, in the form that Kafka prints
  public static UUID place(String topicId, int partition, long offset) {
    return v5(SLIPWAY, topicId + "|" + partition + "|" + offset);
  }

  private static UUID v5(UUID namespace, String name) {
    return UuidCreator.getNameBasedSha1(namespace, name);
  }
}
