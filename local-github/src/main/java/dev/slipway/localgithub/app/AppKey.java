package dev.slipway.localgithub.app;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PublicKey;
import java.security.Signature;
import java.security.interfaces.RSAPrivateCrtKey;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.RSAPublicKeySpec;
import java.util.Arrays;
import java.util.Base64;

/// The App's key, in a file as GitHub hands it out: PKCS#1 in PEM.
final class AppKey {
  private static final String BEGIN = "-----BEGIN RSA PRIVATE KEY-----\n";
  private static final String END = "\n-----END RSA PRIVATE KEY-----\n";
  private static final int BITS = 2048;

  /// What PKCS#8 puts before a key of this size.
  private static final int WRAPPER = 26;

  private final PublicKey key;

  private AppKey(PublicKey key) {
    this.key = key;
  }

  /// The key in a file, made when it is not there.
  static AppKey openOrCreate(Path file) {
    try {
      if (!Files.exists(file)) {
        create(file);
      }
      return read(file);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot use " + file, e);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(file + " holds no key of an App: delete it", e);
    }
  }

  private static void create(Path file) throws IOException, GeneralSecurityException {
    KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
    generator.initialize(BITS);
    KeyPair pair = generator.generateKeyPair();
    byte[] wrapped = pair.getPrivate().getEncoded();
    String text =
        Base64.getMimeEncoder(64, new byte[] {'\n'})
            .encodeToString(Arrays.copyOfRange(wrapped, WRAPPER, wrapped.length));
    Path draft =
        Files.createTempFile(
            file.toAbsolutePath().getParent(),
            ".draft",
            null,
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    Files.writeString(draft, BEGIN + text + END);
    Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE);
  }

  private static AppKey read(Path file) throws IOException, GeneralSecurityException {
    String text = Files.readString(file, StandardCharsets.US_ASCII).strip() + "\n";
    if (!text.startsWith(BEGIN) || !text.endsWith(END)) {
      throw new GeneralSecurityException("no PEM of an RSA key");
    }
    byte[] bare =
        Base64.getMimeDecoder()
            .decode(text.substring(BEGIN.length(), text.length() - END.length()));
    KeyFactory rsa = KeyFactory.getInstance("RSA");
    RSAPrivateCrtKey secret =
        (RSAPrivateCrtKey) rsa.generatePrivate(new PKCS8EncodedKeySpec(wrapped(bare)));
    return new AppKey(
        rsa.generatePublic(new RSAPublicKeySpec(secret.getModulus(), secret.getPublicExponent())));
  }

  /// PKCS#8 around a key: a sequence of a version, what kind of key it is, and the key.
  private static byte[] wrapped(byte[] bare) {
    byte[] kind = {
      2, 1, 0, 48, 13, 6, 9, 42, (byte) 134, 72, (byte) 134, (byte) 247, 13, 1, 1, 1, 5, 0
    };
    byte[] octets = tagged((byte) 4, bare);
    byte[] content = Arrays.copyOf(kind, kind.length + octets.length);
    System.arraycopy(octets, 0, content, kind.length, octets.length);
    return tagged((byte) 48, content);
  }

  private static byte[] tagged(byte tag, byte[] content) {
    byte[] all = new byte[content.length + 4];
    all[0] = tag;
    all[1] = (byte) 0x82;
    all[2] = (byte) (content.length >> 8);
    all[3] = (byte) content.length;
    System.arraycopy(content, 0, all, 4, content.length);
    return all;
  }

  /// Whether something was signed with it.
  boolean verifies(String signed, byte[] signature) {
    try {
      Signature verifier = Signature.getInstance("SHA256withRSA");
      verifier.initVerify(key);
      verifier.update(signed.getBytes(StandardCharsets.US_ASCII));
      return verifier.verify(signature);
    } catch (GeneralSecurityException _) {
      return false;
    }
  }
}
