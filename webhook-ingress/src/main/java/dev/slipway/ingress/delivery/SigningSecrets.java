package dev.slipway.ingress.delivery;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.InvalidKeyException;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/// The secrets that may sign a delivery now: during a rotation, the old ones beside the new.
final class SigningSecrets {
  private static final String ALGORITHM = "HmacSHA256";

  private final List<Key> keys;

  /// @param ready with the key, and never used itself: each check takes copies
  private record Key(Signer signer, Mac ready) {}

  /// @param secrets at least one, none empty
  SigningSecrets(List<SigningSecret> secrets) {
    keys =
        secrets.stream()
            .map(secret -> new Key(secret.signer(), mac(secret.secret().value())))
            .toList();
  }

  /// Starts to check one body.
  Check check() {
    List<Mac> macs = new ArrayList<>(keys.size());
    for (Key key : keys) {
      macs.add(copy(key.ready()));
    }
    return new Check(macs);
  }

  private static Mac mac(String secret) {
    try {
      Mac mac = Mac.getInstance(ALGORITHM);
      mac.init(new SecretKeySpec(secret.getBytes(StandardCharsets.UTF_8), ALGORITHM));
      return mac;
    } catch (NoSuchAlgorithmException | InvalidKeyException e) {
      throw new IllegalStateException("every JDK has " + ALGORITHM, e);
    }
  }

  /// Far cheaper than looking the algorithm up and hashing the key again.
  private static Mac copy(Mac mac) {
    try {
      return (Mac) mac.clone();
    } catch (CloneNotSupportedException e) {
      throw new IllegalStateException("the JDK's " + ALGORITHM + " can be cloned", e);
    }
  }

  /// The check of one body. Not safe for several threads at once.
  final class Check {
    private final List<Mac> macs;

    private Check(List<Mac> macs) {
      this.macs = macs;
    }

    /// Takes the next bytes of the body; the buffer's position moves to its end.
    void update(ByteBuffer bytes) {
      for (Mac mac : macs) {
        mac.update(bytes.duplicate());
      }
      bytes.position(bytes.limit());
    }

    /// Whose secrets signed the body; empty when nobody's did.
    ///
    /// Takes the same time whichever secret matches and wherever a signature differs.
    Set<Signer> signers(Signature claimed) {
      Set<Signer> signers = new HashSet<>();
      for (int i = 0; i < macs.size(); i++) {
        if (claimed.matches(macs.get(i).doFinal())) {
          signers.add(keys.get(i).signer());
        }
      }
      return signers;
    }
  }
}
