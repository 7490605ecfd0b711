package dev.slipway.pipeline.security;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Secrets that requests and commands of a tenant may name: `secret://file/NAME` is the file
/// `tenants/<tenant>/NAME` in the secrets directory, and nothing else can be named.
public final class TenantSecrets {
  // INVARIANT: no separator and no leading dot, so that neither ever leaves the directory.
  private static final Pattern REFERENCE =
      Pattern.compile("secret://file/([A-Za-z0-9_][A-Za-z0-9._-]{0,127})");
  private static final Pattern TENANT = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,63}");

  private final @Nullable Path directory;

  /// @param directory of all secrets; null when there are none
  public TenantSecrets(@Nullable Path directory) {
    this.directory = directory;
  }

  /// Whether a text is meant as a reference, well-formed or not.
  public static boolean isReference(String text) {
    return text.startsWith(SecretReferences.SCHEME);
  }

  /// Whether a tenant has the secret that a reference names. Blocks for as long as the file system
  /// does.
  public boolean exists(String tenant, String reference) {
    return file(tenant, reference).isPresent();
  }

  /// The secret that a reference of a tenant's names, as its file is now, without its last line
  /// break.
  ///
  /// @return empty when the tenant has none of this name
  /// @throws InvalidSettingException when everybody may replace the file
  public Optional<Secret> resolve(String tenant, String reference) {
    return file(tenant, reference)
        .flatMap(file -> {
          SecretFiles.check(file);
          try {
            String value = Files.readString(file).replaceFirst("\\R\\z", "");
            return value.isBlank() ? Optional.empty() : Optional.of(new Secret(value));
          } catch (IOException _) {
            return Optional.empty(); // as one that is not there: whoever asks learns no more
          }
        });
  }

  private Optional<Path> file(String tenant, String reference) {
    Matcher matcher = REFERENCE.matcher(reference);
    if (directory == null || !matcher.matches() || !TENANT.matcher(tenant).matches()) {
      return Optional.empty();
    }
    Path folder = directory.resolve("tenants").resolve(tenant);
    Path file = folder.resolve(matcher.group(1));
    return Files.isRegularFile(file) && Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS)
        ? Optional.of(file)
        : Optional.empty();
  }
}
