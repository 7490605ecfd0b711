package dev.slipway.pipeline.security;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Turns references to secrets into secrets, so that settings and tenants files hold none:
///
/// | Reference | Secret |
/// |---|---|
/// | `secret://env/NAME` | the environment variable `NAME` |
/// | `secret://file/NAME` | the file `NAME` in the secrets directory, without its last line break |
public final class SecretReferences {
  static final String SCHEME = "secret://";

  // INVARIANT: no separator and no leading dot, so that a name never leaves the directory.
  private static final Pattern REFERENCE =
      Pattern.compile("secret://(env|file)/([A-Za-z0-9_][A-Za-z0-9._-]{0,127})");

  private final Map<String, String> environment;
  private final @Nullable Path directory;

  public SecretReferences(Map<String, String> environment, @Nullable Path directory) {
    this.environment = Map.copyOf(environment);
    this.directory = directory;
  }

  /// The secret that a reference stands for.
  ///
  /// @throws InvalidSettingException when the reference is malformed or leads nowhere
  public Secret resolve(String reference) {
    Matcher matcher = REFERENCE.matcher(reference);
    if (!matcher.matches()) {
      // Not repeated here: it may be a secret that somebody wrote in a reference's place.
      throw new InvalidSettingException(
          "a secret must be given as secret://env/NAME or secret://file/NAME");
    }
    String name = matcher.group(2);
    String value = matcher.group(1).equals("env") ? environment.get(name) : read(name);
    if (value == null || value.isBlank()) {
      throw new InvalidSettingException(reference + " is not set or empty");
    }
    return new Secret(value);
  }

  private String read(String name) {
    if (directory == null) {
      throw new InvalidSettingException(
          "secret://file/" + name + " needs slipway.secrets.directory (SLIPWAY_SECRETS_DIR)");
    }
    Path file = directory.resolve(name);
    SecretFiles.check(file);
    try {
      return Files.readString(file).replaceFirst("\\R\\z", "");
    } catch (IOException e) {
      throw new InvalidSettingException("cannot read " + file, e);
    }
  }
}
