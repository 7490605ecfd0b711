package dev.slipway.locale2b.envd;

import java.util.LinkedHashMap;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/// The environment of a process: what its user has, then what its sandbox has, then what was asked
/// for with it. Nothing else.
final class Environments {
  private static final String PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

  private Environments() {}

  static Map<String, String> of(
      Account account, Map<String, String> sandbox, Map<String, String> asked) {
    Map<String, String> environment = new LinkedHashMap<>();
    environment.put("PATH", PATH);
    environment.put("HOME", account.home());
    environment.put("USER", account.name());
    environment.put("LOGNAME", account.name());
    environment.putAll(sandbox);
    environment.putAll(asked);
    return environment;
  }

  /// Of the daemon's own tools: nothing that a sandbox chose.
  static Map<String, String> ofTools(Account account) {
    Map<String, String> environment = of(account, Map.of(), Map.of());
    environment.put("LC_ALL", "C");
    return environment;
  }

  static Map<String, String> read(JsonNode json) {
    Map<String, String> read = new LinkedHashMap<>();
    json.properties()
        .forEach(entry -> {
          String name = entry.getKey();
          String value = entry.getValue().asString("");
          if (name.isEmpty() || name.contains("=") || (name + value).indexOf('\0') >= 0) {
            throw new RpcException(
                RpcCode.INVALID_ARGUMENT, "'" + name + "' cannot be an environment variable");
          }
          read.put(name, value);
        });
    return read;
  }
}
