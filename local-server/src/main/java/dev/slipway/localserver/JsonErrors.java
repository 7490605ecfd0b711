package dev.slipway.localserver;

import java.nio.ByteBuffer;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import tools.jackson.databind.json.JsonMapper;

/// What the server itself refuses, before a handler sees it: requests that are no HTTP.
final class JsonErrors implements Request.Handler {
  private static final JsonMapper JSON = JsonMapper.shared();

  private final ErrorShape errors;

  JsonErrors(ErrorShape errors) {
    this.errors = errors;
  }

  @Override
  public boolean handle(Request request, Response response, Callback callback) {
    response.getHeaders().put(HttpHeader.CONTENT_TYPE, "application/json; charset=utf-8");
    byte[] body =
        JSON.writeValueAsBytes(
            errors.body(
                response.getStatus(),
                response.getStatus() < 500 ? "malformed request" : "internal error"));
    response.write(true, ByteBuffer.wrap(body), callback);
    return true;
  }
}
