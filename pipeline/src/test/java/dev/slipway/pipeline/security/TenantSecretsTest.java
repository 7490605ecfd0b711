package dev.slipway.pipeline.security;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TenantSecretsTest {
  @TempDir private Path directory;

  @BeforeEach
  void fill() throws IOException {
    write("operators", "operator's");
    write("tenants/acme/token", "s3cret\n");
    write("tenants/acme/empty", "\n");
    write("tenants/other/theirs", "other's");
  }

  private void write(String name, String value) throws IOException {
    Path file = directory.resolve(name);
    Files.createDirectories(file.getParent());
    Files.writeString(file, value);
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
  }

  @Test
  void aTenantsSecretIsAFileOfItsOwnFolder() {
    var secrets = new TenantSecrets(directory);

    assertThat(secrets.exists("acme", "secret://file/token")).isTrue();
    assertThat(secrets.resolve("acme", "secret://file/token")).contains(new Secret("s3cret"));
    assertThat(secrets.resolve("acme", "secret://file/empty")).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "secret://file/operators",
        "secret://file/theirs",
        "secret://file/none",
        "secret://file/../other/theirs",
        "secret://file/..",
        "secret://file/",
        "secret://env/PATH",
        "s3cret",
      })
  void nothingElseCanBeNamed(String reference) {
    var secrets = new TenantSecrets(directory);

    assertThat(secrets.exists("acme", reference)).isFalse();
    assertThat(secrets.resolve("acme", reference)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"..", "../tenants/acme", "acme/", "", "nobody"})
  void aTenantIsNoPath(String tenant) {
    assertThat(new TenantSecrets(directory).exists(tenant, "secret://file/token")).isFalse();
  }

  @Test
  void withoutAFolderThereAreNone() {
    assertThat(new TenantSecrets(null).exists("acme", "secret://file/token")).isFalse();
  }
}
