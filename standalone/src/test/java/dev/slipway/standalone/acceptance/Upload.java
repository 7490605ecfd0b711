package dev.slipway.standalone.acceptance;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.net.URI;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// Sends a large body and reads the answer meanwhile, as GitHub's and curl's clients do. Java's own
/// client writes the whole body first, and loses an answer that came before the end of it.
final class Upload {
  private static final int DEADLINE_MS = 60_000;
  private static final int CHUNK = 64 * 1024;

  private Upload() {}

  /// @param chunked whether the length is left undeclared
  static Answer send(URI url, Map<String, String> headers, byte[] body, boolean chunked) {
    return exchange("POST", url, headers, body, chunked);
  }

  /// A request without a body, with headers that Java's own client does not let through.
  static Answer exchange(String method, URI url, Map<String, String> headers) {
    return exchange(method, url, headers, new byte[0], false);
  }

  /// The same body twice over one connection, with these headers and then with those.
  static List<Answer> twice(
      URI url, Map<String, String> first, Map<String, String> second, byte[] body) {
    try (Socket socket = new Socket(url.getHost(), url.getPort())) {
      socket.setSoTimeout(DEADLINE_MS);
      OutputStream out = socket.getOutputStream();
      List<Answer> answers = new ArrayList<>();
      for (Map<String, String> headers : List.of(first, second)) {
        out.write(head("POST", url, headers, body.length, false).getBytes(ISO_8859_1));
        write(out, body, false);
        answers.add(read(socket.getInputStream()));
      }
      return answers;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Answer exchange(
      String method, URI url, Map<String, String> headers, byte[] body, boolean chunked) {
    try (Socket socket = new Socket(url.getHost(), url.getPort())) {
      socket.setSoTimeout(DEADLINE_MS);
      OutputStream out = socket.getOutputStream();
      out.write(head(method, url, headers, body.length, chunked).getBytes(ISO_8859_1));
      out.flush();
      // It ends with the body, or when the socket is closed under it.
      Thread _ = Thread.ofVirtual().start(() -> write(out, body, chunked));
      return read(socket.getInputStream());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String head(
      String method, URI url, Map<String, String> headers, int length, boolean chunked) {
    StringBuilder head = new StringBuilder(method + " " + url.getPath() + " HTTP/1.1\r\n");
    Map<String, String> all = new HashMap<>(headers);
    all.putIfAbsent("Host", url.getAuthority());
    all.forEach((name, value) -> head.append(name + ": " + value + "\r\n"));
    head.append(chunked ? "Transfer-Encoding: chunked" : "Content-Length: " + length);
    return head.append("\r\n\r\n").toString();
  }

  private static void write(OutputStream out, byte[] body, boolean chunked) {
    try {
      for (int at = 0; at < body.length; at += CHUNK) {
        int length = Math.min(CHUNK, body.length - at);
        if (chunked) {
          out.write((Integer.toHexString(length) + "\r\n").getBytes(ISO_8859_1));
        }
        out.write(body, at, length);
        if (chunked) {
          out.write("\r\n".getBytes(ISO_8859_1));
        }
      }
      out.write((chunked ? "0\r\n\r\n" : "").getBytes(ISO_8859_1));
      out.flush();
    } catch (IOException _) {
      // The server has answered and hung up: the answer says why.
    }
  }

  /// One answer off a connection.
  static Answer read(InputStream in) throws IOException {
    String status = line(in);
    if (!status.startsWith("HTTP/1.")) {
      throw new IOException("hung up without an answer: '" + status + "'");
    }
    Map<String, String> headers = new HashMap<>();
    for (String line = line(in); !line.isEmpty(); line = line(in)) {
      int colon = line.indexOf(':');
      headers.put(
          line.substring(0, colon).toLowerCase(Locale.ROOT), line.substring(colon + 1).strip());
    }
    int length = Integer.parseInt(headers.getOrDefault("content-length", "0"));
    return new Answer(
        Integer.parseInt(status.substring(9, 12)),
        headers,
        new String(in.readNBytes(length), UTF_8));
  }

  private static String line(InputStream in) throws IOException {
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    for (int next = in.read(); next >= 0 && next != '\n'; next = in.read()) {
      if (next != '\r') {
        line.write(next);
      }
    }
    return line.toString(ISO_8859_1);
  }
}
