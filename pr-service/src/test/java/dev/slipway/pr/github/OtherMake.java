package dev.slipway.pr.github;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.ByteBuffer;
import java.util.Set;
import org.eclipse.jetty.http.UriCompliance;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.Callback;

/// A server that speaks as GitHub does, of another make: below a path of its own, 200 where GitHub
/// answers 201, neither `Date` nor numbers of calls left, strong ETags, fields that nobody knows,
/// and the media type without a charset. Behind it is a local GitHub.
final class OtherMake implements AutoCloseable {
  private static final String PREFIX = "/forge/rest/v9";
  private static final Set<String> PASSED_ON = Set.of("authorization", "accept", "if-none-match");

  private final Server server;
  private final ServerConnector connector;
  private final HttpClient client = HttpClient.newHttpClient();

  private OtherMake(URI behind) {
    HttpConfiguration http = new HttpConfiguration();
    http.setSendDateHeader(false);
    http.setSendServerVersion(false);
    http.setUriCompliance(
        UriCompliance.DEFAULT.with("test", UriCompliance.Violation.AMBIGUOUS_PATH_SEPARATOR));
    server = new Server();
    connector = new ServerConnector(server, new HttpConnectionFactory(http));
    connector.setHost(InetAddress.getLoopbackAddress().getHostAddress());
    server.addConnector(connector);
    server.setHandler(
        new Handler.Abstract() {
          @Override
          public boolean handle(Request request, Response response, Callback callback)
              throws Exception {
            pass(behind, request, response, callback);
            return true;
          }
        });
  }

  static OtherMake before(URI behind) {
    var made = new OtherMake(behind);
    try {
      made.server.start();
    } catch (Exception e) { // of Jetty
      throw new IllegalStateException(e);
    }
    return made;
  }

  URI api() {
    return URI.create("http://127.0.0.1:%d%s".formatted(connector.getLocalPort(), PREFIX));
  }

  private void pass(URI behind, Request request, Response response, Callback callback)
      throws IOException, InterruptedException {
    String path = request.getHttpURI().getPathQuery();
    if (!path.startsWith(PREFIX + "/")) {
      Response.writeError(request, response, callback, 404);
      return;
    }
    ByteBuffer sent = Content.Source.asByteBuffer(request);
    byte[] body = new byte[sent.remaining()];
    var _ = sent.get(body);
    HttpRequest.Builder passed =
        HttpRequest.newBuilder(URI.create(behind + path.substring(PREFIX.length())))
            .header("User-Agent", "other")
            .method(request.getMethod(), BodyPublishers.ofByteArray(body));
    request
        .getHeaders()
        .forEach(header -> {
          if (PASSED_ON.contains(header.getLowerCaseName())) {
            passed.header(header.getName(), header.getValue());
          }
        });
    HttpResponse<byte[]> answer = client.send(passed.build(), BodyHandlers.ofByteArray());
    response.setStatus(answer.statusCode() == 201 ? 200 : answer.statusCode());
    answer.headers().firstValue("ETag").ifPresent(tag -> put(response, "ETag", strong(tag)));
    answer.headers().firstValue("Link").ifPresent(link -> put(response, "Link", own(behind, link)));
    answer
        .headers()
        .firstValue("Location")
        .ifPresent(place -> put(response, "Location", own(behind, place)));
    put(response, "Content-Type", "application/json");
    String text = own(behind, new String(answer.body(), UTF_8));
    response.write(
        true,
        ByteBuffer.wrap(
            (text.startsWith("{\"") ? "{\"x_forge\":[1],\"" + text.substring(2) : text)
                .getBytes(UTF_8)),
        callback);
  }

  private static void put(Response response, String name, String value) {
    var _ = response.getHeaders().put(name, value);
  }

  private static String strong(String tag) {
    return tag.startsWith("W/") ? tag.substring(2) : tag;
  }

  private String own(URI behind, String text) {
    return text.replace(behind.toString(), api().toString());
  }

  @Override
  public void close() {
    try {
      server.stop();
    } catch (Exception e) { // of Jetty
      throw new IllegalStateException(e);
    }
    client.close();
  }
}
