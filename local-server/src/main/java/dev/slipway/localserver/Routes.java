package dev.slipway.localserver;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// A table of routes. Of two that fit, the one added first is taken.
public final class Routes {
  private final List<Entry> entries = new ArrayList<>();

  private record Entry(String pattern, String method, List<String> path, RouteHandler handler) {}

  /// Adds a route.
  ///
  /// @param pattern a method, a space and a path, in which `{name}` stands for any one segment and
  ///   `{name*}`, at most once, for one or more
  public Routes on(String pattern, RouteHandler handler) {
    int space = pattern.indexOf(' ');
    entries.add(
        new Entry(
            pattern, pattern.substring(0, space), segments(pattern.substring(space + 1)), handler));
    return this;
  }

  /// The route of a request.
  ///
  /// @throws RefusedException 404 for an unknown path, 405 for a known one
  public Route find(String method, String path) {
    List<String> segments = segments(path);
    Set<String> allowed = new TreeSet<>();
    for (Entry entry : entries) {
      Map<String, String> parameters = match(entry.path, segments);
      if (parameters == null) {
        continue;
      }
      if (entry.method.equals(method)) {
        return new Route(entry.pattern, entry.handler, path, parameters);
      }
      allowed.add(entry.method);
    }
    if (allowed.isEmpty()) {
      throw new RefusedException(404, "no route " + method + " " + path);
    }
    throw new RefusedException(405, "method " + method + " is not allowed here")
        .with("Allow", String.join(", ", allowed));
  }

  private static @Nullable Map<String, String> match(List<String> pattern, List<String> path) {
    int several = 0;
    while (several < pattern.size() && !pattern.get(several).endsWith("*}")) {
      several++;
    }
    boolean hasSeveral = several < pattern.size();
    if (hasSeveral ? path.size() < pattern.size() : path.size() != pattern.size()) {
      return null;
    }
    Map<String, String> parameters = new HashMap<>();
    int more = path.size() - pattern.size();
    for (int i = 0; i < pattern.size(); i++) {
      String part = pattern.get(i);
      int from = i > several ? i + more : i;
      int to = i >= several ? i + more : i;
      String given = String.join("/", path.subList(from, to + 1));
      if (part.startsWith("{")) {
        Optional<String> value = decoded(given);
        if (value.isEmpty()) {
          return null;
        }
        parameters.put(part.substring(1, part.length() - (i == several ? 2 : 1)), value.get());
      } else if (!part.equals(given)) {
        return null;
      }
    }
    return parameters;
  }

  private static Optional<String> decoded(String segment) {
    try {
      return Optional.of(URLDecoder.decode(segment.replace("+", "%2B"), StandardCharsets.UTF_8))
          .filter(value -> !value.isEmpty());
    } catch (IllegalArgumentException _) {
      return Optional.empty();
    }
  }

  static List<String> segments(String path) {
    return List.of(path.split("/", -1));
  }
}
