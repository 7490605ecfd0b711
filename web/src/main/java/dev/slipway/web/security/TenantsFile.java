package dev.slipway.web.security;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.slipway.pipeline.live.GitHubNames;
import dev.slipway.pipeline.security.InvalidSettingException;
import dev.slipway.pipeline.security.Secret;
import dev.slipway.pipeline.security.SecretReferences;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.MapperFeature;
import tools.jackson.databind.json.JsonMapper;

/// The tenants file:
///
/// ```json
/// {"acme": {"owners": ["acme", "acme-labs"], "installations": [42],
///           "webhook_secrets": ["secret://file/acme-webhook"]}}
/// ```
///
/// All three lists may be left out. Anything that could give one tenant's data to another stops the
/// start: a misspelt field, a name or number claimed twice, a reference that leads nowhere.
final class TenantsFile {
  private static final JsonMapper JSON =
      JsonMapper.builder()
          .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS)
          .build();

  /// Login of a GitHub user or organisation, Enterprise Managed Users' `name_shortcode` included.
  private static final String LOGIN = "[A-Za-z0-9][A-Za-z0-9_-]{0,99}";

  private final Path file;
  private final SecretReferences references;
  private final Map<String, String> byOwner = new HashMap<>();
  private final Map<Long, String> byInstallation = new HashMap<>();
  private final Map<String, List<Secret>> webhookSecrets = new HashMap<>();

  private TenantsFile(Path file, SecretReferences references) {
    this.file = file;
    this.references = references;
  }

  /// @throws InvalidSettingException saying what is wrong with the file
  static Tenants load(Path file, SecretReferences references) {
    return new TenantsFile(file, references).load();
  }

  private Tenants load() {
    try {
      JSON.readValue(file, new TypeReference<Map<String, @Nullable Entry>>() {}).forEach(this::add);
    } catch (JacksonException e) {
      throw wrong(e.getOriginalMessage());
    }
    return new Tenants(byOwner, byInstallation, webhookSecrets);
  }

  private void add(String tenant, @Nullable Entry entry) {
    try {
      Caller.requireTenant(tenant);
    } catch (IllegalArgumentException e) {
      throw wrong("tenant '" + tenant + "': " + e.getMessage());
    }
    if (entry == null) {
      throw wrong("tenant '" + tenant + "' is null");
    }
    for (String owner : orNone(entry.owners())) {
      if (!owner.matches(LOGIN)) {
        throw wrong("tenant '" + tenant + "': '" + owner + "' is no GitHub login");
      }
      claim(byOwner, GitHubNames.folded(owner), tenant);
    }
    for (Long installation : orNone(entry.installations())) {
      claim(byInstallation, installation, tenant);
    }
    List<Secret> secrets = orNone(entry.webhookSecrets()).stream().map(this::secret).toList();
    if (!secrets.isEmpty()) {
      webhookSecrets.put(tenant, secrets);
    }
  }

  private <K> void claim(Map<K, String> claims, K key, String tenant) {
    String other = claims.putIfAbsent(key, tenant);
    if (other != null) {
      throw wrong("'" + key + "' stands twice: in tenants '" + other + "' and '" + tenant + "'");
    }
  }

  private Secret secret(String reference) {
    try {
      return references.resolve(reference);
    } catch (InvalidSettingException e) {
      throw wrong(e.getMessage());
    }
  }

  private InvalidSettingException wrong(@Nullable String what) {
    return new InvalidSettingException(
        "slipway.tenants.file (SLIPWAY_TENANTS_FILE) " + file + ": " + what);
  }

  private static <T> List<T> orNone(@Nullable List<T> given) {
    return given == null ? List.of() : given;
  }

  private record Entry(
      @Nullable List<String> owners,
      @Nullable List<Long> installations,
      @JsonProperty("webhook_secrets") @Nullable List<String> webhookSecrets) {}
}
