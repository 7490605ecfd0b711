package dev.slipway.locale2b.envd;

import java.util.ArrayDeque;
import java.util.Deque;

/// Makes absolute what a client calls a path.
///
/// | Given | Is |
/// |---|---|
/// | nothing, `~` | home |
/// | `~/x`, `x` | below home, without `.` and `..` |
/// | `/x` | as it is, but for slashes at its end |
final class BoxPaths {
  private BoxPaths() {}

  /// The absolute path.
  ///
  /// @throws RpcException for `~name`, and for what no file can be called
  static String resolve(String path, String home) {
    if (path.indexOf('\0') >= 0) {
      throw new RpcException(RpcCode.INVALID_ARGUMENT, "a path cannot contain NUL");
    }
    if (path.isEmpty() || path.equals("~")) {
      return home;
    }
    if (path.startsWith("~/")) {
      return clean(home + "/" + path.substring(2));
    }
    if (path.startsWith("~")) {
      throw new RpcException(
          RpcCode.INVALID_ARGUMENT, "cannot expand user-specific home dir: " + path);
    }
    return path.startsWith("/") ? withoutSlashes(path) : clean(home + "/" + path);
  }

  /// The last part of an absolute path.
  static String name(String path) {
    return path.equals("/") ? "/" : path.substring(path.lastIndexOf('/') + 1);
  }

  private static String withoutSlashes(String path) {
    int end = path.length();
    while (end > 1 && path.charAt(end - 1) == '/') {
      end--;
    }
    return path.substring(0, end);
  }

  private static String clean(String path) {
    Deque<String> parts = new ArrayDeque<>();
    for (String part : path.split("/", -1)) {
      switch (part) {
        case "", "." -> {
          // says nothing
        }
        case ".." -> {
          String _ = parts.pollLast();
        }
        default -> parts.addLast(part);
      }
    }
    return "/" + String.join("/", parts);
  }
}
