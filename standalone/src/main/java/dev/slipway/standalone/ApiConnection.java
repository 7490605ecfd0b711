package dev.slipway.standalone;

import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.URI;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// One request for an answer that is read as it comes. Silence in the middle of it ends it: a
/// client of `java.net.http` would wait for ever.
final class ApiConnection implements AutoCloseable {
  private static final Duration CONNECT_LIMIT = Duration.ofSeconds(5);

  private final HttpURLConnection connection;

  private ApiConnection(HttpURLConnection connection) {
    this.connection = connection;
  }

  /// A request that can be completed; nothing has been sent yet.
  ///
  /// @param silence after how long without a byte it is dead
  static ApiConnection to(URI address, String token, Duration silence) throws IOException {
    var connection = (HttpURLConnection) address.toURL().openConnection();
    connection.setConnectTimeout((int) CONNECT_LIMIT.toMillis());
    connection.setReadTimeout((int) silence.toMillis());
    connection.setRequestProperty("Authorization", "Bearer " + token);
    return new ApiConnection(connection);
  }

  ApiConnection header(String name, String value) {
    connection.setRequestProperty(name, value);
    return this;
  }

  /// Sends it.
  ///
  /// @return the body
  /// @throws IOException when there is no answer, or the installation is busy: another try may do
  /// @throws CommandFailedException when it refuses for good
  InputStream send() throws IOException {
    int status = connection.getResponseCode();
    if (status == 429 || status == 503) {
      throw new IOException("busy");
    }
    if (status != 200) {
      throw new CommandFailedException(
          ExitCode.FAILED,
          "%s answers %d%s".formatted(connection.getURL().getAuthority(), status, explain()));
    }
    return connection.getInputStream();
  }

  /// A header of the answer; empty when it is not there.
  String answered(String header) {
    String value = connection.getHeaderField(header);
    return value == null ? "" : value;
  }

  /// How many bytes the answer has; negative when it does not say.
  long length() {
    return connection.getContentLengthLong();
  }

  private String explain() throws IOException {
    try (@Nullable InputStream body = connection.getErrorStream()) {
      if (body == null) {
        return "";
      }
      JsonNode problem = JsonMapper.shared().readTree(body.readAllBytes());
      return ": " + ApiClient.explain(problem);
    } catch (JacksonException _) {
      return "";
    }
  }

  @Override
  public void close() {
    connection.disconnect();
  }
}
