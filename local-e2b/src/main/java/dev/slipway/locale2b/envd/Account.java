package dev.slipway.locale2b.envd;

import dev.slipway.locale2b.box.BoxUser;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;
import java.util.stream.Stream;

/// A user inside a box.
///
/// @param user who it is there
record Account(BoxUser user) {
  static final Account DEFAULT = new Account(BoxUser.USER);
  static final Account ROOT = new Account(BoxUser.ROOT);
  private static final String BASIC = "Basic ";

  /// The user of a name; empty when there is none of it.
  static Optional<Account> named(String name) {
    if (name.isEmpty()) {
      return Optional.of(DEFAULT);
    }
    return Stream.of(BoxUser.values())
        .filter(user -> user.userName().equals(name))
        .map(Account::new)
        .findFirst();
  }

  String name() {
    return user.userName();
  }

  /// Where relative paths begin.
  String home() {
    return user.home();
  }

  /// The user that a call is for.
  ///
  /// @param authorization `Basic` and the name with a colon, in base64
  /// @throws RpcException for one that does not exist
  static Account ofAuthorization(Optional<String> authorization) {
    if (authorization.isEmpty()) {
      return DEFAULT;
    }
    String name = nameIn(authorization.get());
    return named(name)
        .orElseThrow(
            () -> new RpcException(RpcCode.UNAUTHENTICATED, "invalid username: '" + name + "'"));
  }

  private static String nameIn(String authorization) {
    if (!authorization.regionMatches(true, 0, BASIC, 0, BASIC.length())) {
      throw new RpcException(RpcCode.UNAUTHENTICATED, "authorization is not Basic");
    }
    try {
      String decoded =
          new String(
              Base64.getDecoder().decode(authorization.substring(BASIC.length()).strip()),
              StandardCharsets.UTF_8);
      int colon = decoded.indexOf(':');
      return colon < 0 ? decoded : decoded.substring(0, colon);
    } catch (IllegalArgumentException _) {
      throw new RpcException(RpcCode.UNAUTHENTICATED, "authorization is not base64");
    }
  }
}
