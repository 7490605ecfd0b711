package dev.slipway.locale2b.box;

import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// What a program asks a proxy for: RFC 9110 §9.3.6 (`CONNECT`), RFC 9112 §3.2.2 (a whole URL).
///
/// @param tunnel whether it is `CONNECT`
/// @param host lower case, without brackets or a dot at the end
/// @param head what is sent on for a request that is no tunnel: for one request, on a connection
///   that ends with it
/// @param body how the rest of the request is framed
record ProxyRequest(boolean tunnel, String host, int port, String head, Body body) {
  private static final int LARGEST_HEAD_BYTES = 32 * 1024;
  private static final int HTTP_PORT = 80;

  private static final Pattern LINE = Pattern.compile("([A-Z]+) (\\S+) HTTP/1\\.[01]");
  private static final Pattern AUTHORITY =
      Pattern.compile("(\\[[0-9A-Fa-f:.]+]|[A-Za-z0-9._-]+)(?::(\\d{1,5}))?");
  private static final Pattern URL = Pattern.compile("(?i)http://([^/?#@]+)([/?][^#]*)?(#.*)?");
  private static final Pattern FIELD = Pattern.compile("([!#$%&'*+.^_`|~0-9A-Za-z-]+):[ \t]*(.*)");

  /// What is for the next hop alone, and `Host`, which the URL says.
  private static final Set<String> NOT_SENT_ON =
      Set.of(
          "connection",
          "host",
          "keep-alive",
          "proxy-authorization",
          "proxy-connection",
          "te",
          "upgrade");

  /// How a request's body ends.
  sealed interface Body {
    record Length(long bytes) implements Body {}

    record Chunked() implements Body {}
  }

  /// Reads a request's head.
  ///
  /// @return nothing when the other side went away before it was complete
  /// @throws BadRequestException if it is none
  static Optional<ProxyRequest> read(InputStream in) throws IOException, BadRequestException {
    Optional<List<String>> lines = head(in);
    return lines.isEmpty() ? Optional.empty() : Optional.of(parse(lines.get()));
  }

  private static Optional<List<String>> head(InputStream in)
      throws IOException, BadRequestException {
    StringBuilder head = new StringBuilder();
    while (true) {
      int next = in.read();
      if (next < 0) {
        return Optional.empty();
      }
      if (head.length() == LARGEST_HEAD_BYTES) {
        throw new BadRequestException("the request's head is larger than 32 KiB");
      }
      head.append((char) next);
      if (next == '\n' && (endsWith(head, "\r\n\r\n") || endsWith(head, "\n\n"))) {
        return Optional.of(head.toString().lines().takeWhile(line -> !line.isEmpty()).toList());
      }
    }
  }

  private static boolean endsWith(StringBuilder text, String end) {
    return text.length() >= end.length() && text.indexOf(end, text.length() - end.length()) >= 0;
  }

  private static ProxyRequest parse(List<String> lines) throws BadRequestException {
    Matcher line = LINE.matcher(lines.isEmpty() ? "" : lines.getFirst());
    if (!line.matches()) {
      throw new BadRequestException("this is no HTTP/1.1 request");
    }
    if (line.group(1).equals("CONNECT")) {
      Target target = target(line.group(2), -1);
      return new ProxyRequest(true, target.host, target.port, "", new Body.Length(0));
    }
    Matcher url = URL.matcher(line.group(2));
    if (!url.matches()) {
      throw new BadRequestException("this is a proxy: it takes CONNECT, or a whole http:// URL");
    }
    Target target = target(url.group(1), HTTP_PORT);
    String path = url.group(2) == null ? "/" : url.group(2);
    if (path.startsWith("?")) {
      path = "/" + path;
    }
    List<String> fields = fields(lines.subList(1, lines.size()));
    StringBuilder head =
        new StringBuilder(line.group(1) + " " + path + " HTTP/1.1\r\nHost: " + url.group(1));
    head.append("\r\nConnection: close\r\n");
    for (String field : fields) {
      if (!NOT_SENT_ON.contains(nameOf(field))) {
        head.append(field).append("\r\n");
      }
    }
    return new ProxyRequest(
        false, target.host, target.port, head.append("\r\n").toString(), body(fields));
  }

  private record Target(String host, int port) {}

  private static Target target(String authority, int defaultPort) throws BadRequestException {
    Matcher parts = AUTHORITY.matcher(authority);
    if (!parts.matches()) {
      throw new BadRequestException("there is no host in what was asked for");
    }
    int port = parts.group(2) == null ? defaultPort : Integer.parseInt(parts.group(2));
    if (port < 1 || port > 65_535) {
      throw new BadRequestException("there is no port in what was asked for");
    }
    String host = parts.group(1).toLowerCase(Locale.ROOT).replaceAll("[\\[\\]]", "");
    return new Target(host.endsWith(".") ? host.substring(0, host.length() - 1) : host, port);
  }

  private static List<String> fields(List<String> lines) throws BadRequestException {
    List<String> fields = new ArrayList<>();
    for (String line : lines) {
      if (!FIELD.matcher(line).matches()) {
        throw new BadRequestException("a header field is malformed");
      }
      fields.add(line);
    }
    return fields;
  }

  private static String nameOf(String field) {
    return field.substring(0, field.indexOf(':')).toLowerCase(Locale.ROOT);
  }

  private static String valueOf(String field) {
    return field.substring(field.indexOf(':') + 1).strip();
  }

  /// Ambiguous framing is how a second request hides behind the first: refused.
  private static Body body(List<String> fields) throws BadRequestException {
    List<String> lengths =
        fields.stream()
            .filter(f -> nameOf(f).equals("content-length"))
            .map(f -> valueOf(f))
            .toList();
    List<String> codings =
        fields.stream()
            .filter(f -> nameOf(f).equals("transfer-encoding"))
            .map(f -> valueOf(f))
            .toList();
    if (codings.size() == 1
        && lengths.isEmpty()
        && codings.getFirst().equalsIgnoreCase("chunked")) {
      return new Body.Chunked();
    }
    if (codings.isEmpty() && lengths.isEmpty()) {
      return new Body.Length(0);
    }
    if (codings.isEmpty() && lengths.size() == 1 && lengths.getFirst().matches("\\d{1,18}")) {
      return new Body.Length(Long.parseLong(lengths.getFirst()));
    }
    throw new BadRequestException("the request's length is ambiguous");
  }

  /// What was sent is no request; the message says why.
  static final class BadRequestException extends Exception {
    BadRequestException(String message) {
      super(message);
    }
  }
}
