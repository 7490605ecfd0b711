package dev.slipway.ingress.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/// Tenant `a` owns login `Alpha` and installation 1, tenant `b` login `beta` and installation 2.
class OwnershipTest {
  private static final Signer OPERATOR = new Signer.Operator();
  private static final Signer A = new Signer.Tenant("a");
  private static final Signer B = new Signer.Tenant("b");

  private final Ownership ownership = new Ownership(OwnershipTest::tenant);

  @Test
  void theOperatorsSecretMapsByOwnerThenByInstallationElseToDefault() {
    assertThat(ownership.tenant(Set.of(OPERATOR), about(null, "ALPHA"))).contains("a");
    assertThat(ownership.tenant(Set.of(OPERATOR), about(2L, "nobody"))).contains("b");
    assertThat(ownership.tenant(Set.of(OPERATOR), about(2L, "alpha"))).contains("a");
    assertThat(ownership.tenant(Set.of(OPERATOR), about(9L, "nobody"))).contains("default");
    assertThat(ownership.tenant(Set.of(OPERATOR), about(null))).contains("default");
  }

  @Test
  void aTenantsSecretCoversItsOwnOwnersOnly() {
    assertThat(ownership.tenant(Set.of(A), about(null, "alpha"))).contains("a");
    assertThat(ownership.tenant(Set.of(A), about(null, "beta"))).isEmpty();
    assertThat(ownership.tenant(Set.of(A), about(null, "nobody"))).isEmpty();
    assertThat(ownership.tenant(Set.of(A), about(1L, "beta"))).isEmpty();
    assertThat(ownership.tenant(Set.of(A), about(2L, "alpha"))).isEmpty();
    assertThat(ownership.tenant(Set.of(A), about(1L, "nobody"))).contains("a");
    assertThat(ownership.tenant(Set.of(A), about(9L, "alpha"))).contains("a");
  }

  @Test
  void oneForeignOwnerAmongSeveralIsEnoughToRefuse() {
    assertThat(ownership.tenant(Set.of(A), about(1L, "alpha", "beta"))).isEmpty();
    assertThat(ownership.tenant(Set.of(A), about(null, "alpha", "alpha"))).contains("a");
  }

  @Test
  void aBodyThatNamesNobodyBelongsToTheSigner() {
    assertThat(ownership.tenant(Set.of(A), about(null))).contains("a");
    assertThat(ownership.tenant(Set.of(A), about(9L))).contains("a");
    assertThat(ownership.tenant(Set.of(A), about(2L))).isEmpty();
  }

  @Test
  void aRepositoryOrOrganizationWithoutItsOwnersNameIsNobodys() {
    var repository = new Payload(null, null, 1L, "nameless", null, null, null, List.of());
    var organization = new Payload(null, null, null, null, 2L, null, null, List.of());

    assertThat(ownership.tenant(Set.of(A), repository)).isEmpty();
    assertThat(ownership.tenant(Set.of(A), organization)).isEmpty();
    assertThat(ownership.tenant(Set.of(OPERATOR), repository)).contains("default");
  }

  @Test
  void ofSeveralSignersTheOneWhoseScopeFitsDecides() {
    assertThat(ownership.tenant(Set.of(A, B), about(null, "beta"))).contains("b");
    assertThat(ownership.tenant(Set.of(A, OPERATOR), about(null, "beta"))).contains("b");
    assertThat(ownership.tenant(Set.of(A, B), about(null, "nobody"))).isEmpty();
  }

  @Test
  void theTopicKeyIsTheFirstIdThereIs() {
    assertThat(key(new Payload(null, null, 1L, null, 2L, 3L, null, List.of()), 4L)).isEqualTo("1");
    assertThat(key(new Payload(null, null, null, null, 2L, 3L, null, List.of()), 4L))
        .isEqualTo("installation:3");
    assertThat(key(new Payload(null, null, null, null, 2L, null, null, List.of()), 4L))
        .isEqualTo("organization:2");
    assertThat(key(about(null), 4L)).isEqualTo("hook:4");
    assertThat(key(about(null), null)).isEqualTo("id");
  }

  @Test
  void withoutTenantsEverythingIsTheDefaultTenants() {
    assertThat(new Ownership((_, _) -> "default").tenant(Set.of(OPERATOR), about(1L, "alpha")))
        .contains("default");
  }

  private static String tenant(@Nullable String owner, @Nullable Long installation) {
    String byOwner =
        owner == null
            ? null
            : Map.of("alpha", "a", "beta", "b").get(owner.toLowerCase(Locale.ROOT));
    if (byOwner != null) {
      return byOwner;
    }
    return installation == null
        ? "default"
        : Map.of(1L, "a", 2L, "b").getOrDefault(installation, "default");
  }

  private static String key(Payload payload, @Nullable Long hookId) {
    return Ownership.topicKey(payload, hookId, "id");
  }

  private static Payload about(@Nullable Long installation, String... owners) {
    return new Payload(null, null, null, null, null, installation, null, List.of(owners));
  }
}
