package dev.slipway.web.security;

import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import dev.slipway.pipeline.security.InvalidSettingException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.text.ParseException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The file of [JwtKeys], which may be replaced while the process runs: a JWK set (RFC 7517) of
/// ES256 keys, the signing one first.
///
/// ```json
/// {"keys": [{"kty": "EC", "crv": "P-256", "kid": "…", "x": "…", "y": "…", "d": "…"},
///           {"kty": "EC", "crv": "P-256", "kid": "…", "x": "…", "y": "…", "d": "…", "exp": 1796000000}],
///  "owner_tokens": {"<kid>": "<SHA-256 of the token, in hex>"}}
/// ```
final class JwtKeysFile {
  private static final Logger log = LoggerFactory.getLogger(JwtKeysFile.class);

  private static final String OWNER_TOKENS = "owner_tokens";

  private final Path file;
  private final AtomicReference<Content> last;

  /// @throws InvalidSettingException see [#read(Path)]
  JwtKeysFile(Path file) {
    this.file = file;
    // stamped first: what replaces it meanwhile is seen at the next look
    Stamp stamp = Stamp.of(file);
    this.last = new AtomicReference<>(new Content(stamp, read(file)));
  }

  /// The keys that stood there at the last look.
  JwtKeys last() {
    return last.get().keys();
  }

  /// The keys that stand there now: reads the file again if it is another one. What cannot be read
  /// leaves those that were known.
  JwtKeys look() {
    Stamp stamp = Stamp.of(file);
    Content known = last.get();
    if (stamp.equals(known.stamp())) {
      return known.keys();
    }
    JwtKeys keys = known.keys();
    try {
      keys = read(file);
      log.atInfo().addKeyValue("key_id", keys.signingKeyId()).log("signing keys read again");
    } catch (InvalidSettingException e) {
      log.atWarn()
          .addKeyValue("reason", e.getMessage())
          .log("signing keys cannot be read again: those known before stay");
    }
    last.set(new Content(stamp, keys));
    return keys;
  }

  private record Content(Stamp stamp, JwtKeys keys) {}

  /// Tells two files of one name apart; all null when there is none.
  private record Stamp(@Nullable Object key, @Nullable FileTime written, long sizeBytes) {
    static Stamp of(Path file) {
      try {
        BasicFileAttributes found = Files.readAttributes(file, BasicFileAttributes.class);
        return new Stamp(found.fileKey(), found.lastModifiedTime(), found.size());
      } catch (IOException _) {
        return new Stamp(null, null, 0);
      }
    }
  }

  /// Reads a file.
  ///
  /// @throws InvalidSettingException when it is missing or holds anything but ES256 keys
  static JwtKeys read(Path file) {
    try {
      JWKSet set = JWKSet.load(file.toFile());
      List<ECKey> keys = set.getKeys().stream().map(key -> es256(file, key)).toList();
      if (keys.isEmpty()) {
        throw new InvalidSettingException("no signing key in " + file);
      }
      return new JwtKeys(keys, ownerTokens(set.getAdditionalMembers().get(OWNER_TOKENS)));
    } catch (IOException e) {
      throw new InvalidSettingException("cannot read the signing keys in " + file, e);
    } catch (ParseException e) {
      // Without its cause: the parser's message may quote the file.
      throw new InvalidSettingException("no JWK set: " + file);
    }
  }

  private static ECKey es256(Path file, JWK key) {
    if (key instanceof ECKey ec && Curve.P_256.equals(ec.getCurve()) && ec.getKeyID() != null) {
      return ec;
    }
    throw new InvalidSettingException("every key in " + file + " must be of P-256 with a kid");
  }

  /// What is no note of ours exempts no token.
  private static Map<String, String> ownerTokens(@Nullable Object member) {
    return member instanceof Map<?, ?> noted
        ? noted.entrySet().stream()
            .collect(
                Collectors.toUnmodifiableMap(
                    entry -> String.valueOf(entry.getKey()),
                    entry -> String.valueOf(entry.getValue())))
        : Map.of();
  }

  /// Puts keys in the place of those that are there: complete or not at all, and at no moment
  /// readable by others.
  static void write(Path file, JwtKeys keys) {
    Map<String, Object> notes =
        keys.ownerTokens().isEmpty() ? Map.of() : Map.of(OWNER_TOKENS, keys.ownerTokens());
    String json = new JWKSet(List.<JWK>copyOf(keys.all()), notes).toString(false);
    Path absolute = file.toAbsolutePath();
    try {
      Path draft =
          Files.createTempFile(
              absolute.getParent(),
              ".jwt-keys",
              null,
              PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
      Files.writeString(draft, json);
      Files.move(draft, absolute, StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      throw new InvalidSettingException("cannot write " + file, e);
    }
  }
}
