package dev.slipway.locale2b.envd;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// A file, as a call answers it. A link has the type and mode of what it leads to.
///
/// @param type `FILE_TYPE_…`
/// @param mode permission bits
/// @param linkTarget empty when it is no link
record FileEntry(
    String path,
    String type,
    long size,
    int mode,
    String permissions,
    String owner,
    String group,
    Instant modified,
    String linkTarget) {
  private static final int FIELDS = 10;
  private static final int LINK_FIELDS = 3;
  private static final String MARK = "=";

  Map<String, Object> json() {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("name", BoxPaths.name(path));
    json.put("type", type);
    json.put("path", path);
    json.put("size", Long.toString(size));
    json.put("mode", mode);
    json.put("permissions", permissions);
    json.put("owner", owner);
    json.put("group", group);
    json.put("modifiedTime", modified.toString());
    if (!linkTarget.isEmpty()) {
      json.put("symlinkTarget", linkTarget);
    }
    return json;
  }

  /// Reads what the script's `entries` writes, fields that end with NUL.
  static List<FileEntry> parse(String output) {
    String[] fields = output.split("\0", -1);
    int mark = 0;
    while (!fields[mark].equals(MARK)) {
      mark += FIELDS;
      if (mark >= fields.length) {
        throw new IllegalStateException("a listing without its mark");
      }
    }
    Map<String, Target> targets = new LinkedHashMap<>();
    for (int i = mark + 1; i + LINK_FIELDS < fields.length; i += LINK_FIELDS) {
      targets.put(fields[i], new Target(fields[i + 1], fields[i + 2]));
    }
    List<FileEntry> entries = new ArrayList<>();
    for (int i = 0; i < mark; i += FIELDS) {
      String path = fields[i + 9];
      Target own = new Target(fields[i + 3], fields[i + 4]);
      Target target = targets.getOrDefault(path, own);
      entries.add(
          new FileEntry(
              path,
              type(fields[i + 1]),
              Long.parseLong(fields[i + 2]),
              Integer.parseInt(target.mode, 8),
              target.permissions,
              fields[i + 5],
              fields[i + 6],
              instant(fields[i + 7]),
              fields[i + 8]));
    }
    return entries;
  }

  private record Target(String mode, String permissions) {}

  private static String type(String letter) {
    return switch (letter) {
      case "f" -> "FILE_TYPE_FILE";
      case "d" -> "FILE_TYPE_DIRECTORY";
      // what a link leads to that is not there, devices, sockets
      default -> "FILE_TYPE_UNSPECIFIED";
    };
  }

  private static Instant instant(String seconds) {
    BigDecimal exact = new BigDecimal(seconds);
    long whole = exact.longValue();
    return Instant.ofEpochSecond(
        whole, exact.subtract(BigDecimal.valueOf(whole)).movePointRight(9).longValue());
  }
}
