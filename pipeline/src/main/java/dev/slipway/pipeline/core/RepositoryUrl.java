package dev.slipway.pipeline.core;

import java.net.URI;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/// Address of a git repository in the one form that everything compares: lower-case scheme and
/// host, no port that goes without saying, no `.git`, no slash at the end.
///
/// @param value such as `https://github.com/acme/site`
public record RepositoryUrl(String value) {
  private static final int LONGEST = 2_048;

  // INVARIANT: no step is `.` or `..`, nor begins as an option does.
  private static final Pattern NAMED =
      Pattern.compile("((?!\\.{1,2}(/|$))[A-Za-z0-9_.][A-Za-z0-9_.-]{0,99}(/|$)){2,8}(?<!/)");

  /// Reads an address as people write it.
  ///
  /// @return empty when it is no http or https address of a repository, or holds more than that:
  ///   credentials, a query, a fragment
  public static Optional<RepositoryUrl> parse(String text) {
    if (text.length() > LONGEST) {
      return Optional.empty();
    }
    URI uri;
    try {
      uri = URI.create(text);
    } catch (IllegalArgumentException _) {
      return Optional.empty();
    }
    String scheme = uri.getScheme() == null ? "" : uri.getScheme().toLowerCase(Locale.ROOT);
    String path = uri.getRawPath() == null ? "" : bare(uri.getRawPath());
    if (!(scheme.equals("https") || scheme.equals("http"))
        || uri.getHost() == null
        || uri.getRawUserInfo() != null
        || uri.getRawQuery() != null
        || uri.getRawFragment() != null
        || path.length() < 2) {
      return Optional.empty();
    }
    boolean isUsual = uri.getPort() == (scheme.equals("https") ? 443 : 80);
    String port = uri.getPort() < 0 || isUsual ? "" : ":" + uri.getPort();
    return Optional.of(
        new RepositoryUrl(scheme + "://" + uri.getHost().toLowerCase(Locale.ROOT) + port + path));
  }

  private static String bare(String path) {
    String bare = withoutSlashes(path);
    return bare.endsWith(".git") ? withoutSlashes(bare.substring(0, bare.length() - 4)) : bare;
  }

  private static String withoutSlashes(String path) {
    int end = path.length();
    while (end > 0 && path.charAt(end - 1) == '/') {
      end--;
    }
    return path.substring(0, end);
  }

  /// With the port that does not go without saying, such as `github.com` or `127.0.0.1:8082`.
  public String host() {
    int from = value.indexOf("://") + 3;
    return value.substring(from, value.indexOf('/', from));
  }

  /// Whether nobody on the way can read along.
  public boolean isEncrypted() {
    return value.startsWith("https://");
  }

  /// Whether it names an owner and a repository as git hosts do, in characters that are nothing but
  /// a name to whatever handles them.
  public boolean isNamed() {
    return NAMED.matcher(path()).matches();
  }

  /// Whose it is: of an address that [#isNamed].
  public String owner() {
    String[] steps = path().split("/", -1);
    return steps[steps.length - 2];
  }

  /// Its own name, without the owner's.
  public String name() {
    return path().substring(path().lastIndexOf('/') + 1);
  }

  /// What stands behind the host, such as `acme/site`.
  public String path() {
    return value.substring(value.indexOf('/', value.indexOf("://") + 3) + 1);
  }
}
