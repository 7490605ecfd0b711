package dev.slipway.web.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slipway.pipeline.security.InvalidSettingException;
import dev.slipway.pipeline.security.Secret;
import dev.slipway.pipeline.security.SecretReferences;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TenantsFileTest {
  @TempDir private Path directory;

  @Test
  void ownerDecidesInAnyCaseThenTheInstallationThenDefault() throws IOException {
    Tenants tenants =
        load("{\"acme\": {\"owners\": [\"Acme\"]}, \"beta\": {\"installations\": [42]}}");

    assertThat(tenants.of("aCME", null)).isEqualTo("acme");
    assertThat(tenants.of("acme", 42L)).isEqualTo("acme");
    assertThat(tenants.of("other", 42L)).isEqualTo("beta");
    assertThat(tenants.of(null, 42L)).isEqualTo("beta");
    assertThat(tenants.of("other", 43L)).isEqualTo("default");
    assertThat(tenants.of(null, null)).isEqualTo("default");
  }

  /// The Kelvin sign is a `k` and the long s an `s` to Unicode's rules of case.
  @ParameterizedTest
  @ValueSource(strings = {"\u212Aiosk", "Kio\u017Fk", "k\u0130osk"})
  void anOwnerThatMerelyLooksLikeATenantsIsNotIts(String lookalike) throws IOException {
    Tenants tenants = load("{\"acme\": {\"owners\": [\"kiosk\"]}}");

    assertThat(tenants.of("KIOSK", null)).isEqualTo("acme");
    assertThat(tenants.of(lookalike, null)).isEqualTo("default");
  }

  @Test
  void webhookSecretsAreResolvedFromTheirReferences() throws IOException {
    Files.writeString(directory.resolve("old"), "older\n");
    Tenants tenants =
        load("{\"acme\": {\"webhook_secrets\": [\"secret://env/NEW\", \"secret://file/old\"]}}");

    assertThat(tenants.webhookSecrets())
        .isEqualTo(Map.of("acme", List.of(new Secret("newer"), new Secret("older"))));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          {"acme": {"ownres": []}}                                             | ownres
          {"acme": {"owners": ["a"]}, "beta": {"owners": ["A"]}}               | 'a' stands twice
          {"acme": {"owners": ["a", "A"]}}                                     | 'a' stands twice
          {"acme": {"installations": [1]}, "beta": {"installations": [1]}}     | '1' stands twice
          {"acme": {"owners": ["a/b"]}}                                        | 'a/b' is no GitHub login
          {"acme": {}, "acme": {}}                                             | acme
          {"a/b": {}}                                                          | a/b
          {"acme": null}                                                       | 'acme' is null
          {"acme": {"webhook_secrets": ["secret://env/MISSING"]}}              | secret://env/MISSING
          {"acme": {"webhook_secrets": ["secret://file/missing"]}}             | missing
          {"acme": {"webhook_secrets": ["secret://file/../x"]}}                | secret://file/NAME
          {"acme": {"webhook_secrets": ["hunter2"]}}                           | secret://env/NAME
          {"acme": {"installations": ["1"]}}                                   | tenants.json
          [1]                                                                  | tenants.json
          {"acme"                                                              | tenants.json
          """)
  void anythingDoubtfulStopsTheStart(String json, String said) {
    assertThatThrownBy(() -> load(json))
        .isInstanceOf(InvalidSettingException.class)
        .hasMessageContaining("SLIPWAY_TENANTS_FILE")
        .hasMessageContaining(said)
        .hasMessageNotContaining("hunter2");
  }

  @Test
  void missingFileStopsTheStart() {
    assertThatThrownBy(() -> TenantsFile.load(directory.resolve("nothing"), references()))
        .isInstanceOf(InvalidSettingException.class)
        .hasMessageContaining("nothing");
  }

  private Tenants load(String json) throws IOException {
    return TenantsFile.load(
        Files.writeString(directory.resolve("tenants.json"), json), references());
  }

  private SecretReferences references() {
    return new SecretReferences(Map.of("NEW", "newer"), directory);
  }
}
