package dev.slipway.locale2b.control;

import dev.slipway.locale2b.box.NetworkRules;
import dev.slipway.localserver.RefusedException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/// What a sandbox may reach, as it was asked for.
///
/// @param internet empty when nothing was said
/// @param allow host names, addresses, blocks of addresses
/// @param deny addresses and blocks
record Egress(Optional<Boolean> internet, List<String> allow, List<String> deny) {
  private static final String EVERYTHING = "0.0.0.0/0";
  private static final Pattern ADDRESSES =
      Pattern.compile("(\\d{1,3}(\\.\\d{1,3}){3}|[0-9a-fA-F:.]*:[0-9a-fA-F:.]*)(/\\d{1,3})?");
  private static final Pattern HOST =
      Pattern.compile("(\\*\\.)?[A-Za-z0-9_-]+(\\.[A-Za-z0-9_-]+)*");
  private static final List<String> LEFT_OUT = List.of("rules", "egressProxy");

  Egress {
    allow = List.copyOf(allow);
    deny = List.copyOf(deny);
  }

  /// @param fields `allowOut` and `denyOut`
  static Egress of(Optional<Boolean> internet, Optional<Body> fields) {
    if (fields.isEmpty()) {
      return new Egress(internet, List.of(), List.of());
    }
    for (String field : LEFT_OUT) {
      if (fields.get().has(field)) {
        throw new RefusedException(501, "network." + field + " is left out of local-e2b");
      }
    }
    List<String> allow = fields.get().textItems("allowOut");
    List<String> deny = fields.get().textItems("denyOut");
    for (String address : deny) {
      if (!ADDRESSES.matcher(address).matches()) {
        throw new RefusedException(
            400, "invalid denied address " + address + ": only addresses and blocks");
      }
    }
    for (String target : allow) {
      if (ADDRESSES.matcher(target).matches()) {
        continue;
      }
      if (!HOST.matcher(target).matches()) {
        throw new RefusedException(400, "invalid allowed address " + target);
      }
      if (!deny.contains(EVERYTHING) && internet.orElse(true)) {
        throw new RefusedException(
            400,
            "When specifying allowed domains in allow out, you must include '0.0.0.0/0' in"
                + " deny out to block all other traffic.");
      }
    }
    return new Egress(internet, allow, deny);
  }

  NetworkRules rules() {
    List<String> denied = new ArrayList<>(deny);
    if (!internet.orElse(true)) {
      denied.addAll(NetworkRules.off().deny());
    }
    return new NetworkRules(allow, denied);
  }
}
