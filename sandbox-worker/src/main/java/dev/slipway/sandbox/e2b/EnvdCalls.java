package dev.slipway.sandbox.e2b;

import dev.slipway.pipeline.security.Secret;
import dev.slipway.sandbox.provider.ExternalId;
import dev.slipway.sandbox.provider.ProviderSandbox;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.http.MediaType;
import org.springframework.http.StreamingHttpOutputMessage;
import org.springframework.http.client.ClientHttpResponse;
import tools.jackson.databind.JsonNode;

/// Calls into one sandbox: each addressed to it, repeated where that is safe, its answer
/// translated.
final class EnvdCalls {
  static final int PORT = 49_983;
  private static final String STREAM = "application/connect+json";

  private final Envd envd;
  private final ProviderSandbox sandbox;
  private final String base;

  EnvdCalls(Envd envd, ProviderSandbox sandbox) {
    this.envd = envd;
    this.sandbox = sandbox;
    this.base = envd.base(sandbox);
  }

  ExternalId id() {
    return sandbox.id();
  }

  /// A call that is answered with one message.
  ///
  /// @param method of envd, such as `process.Process/List`
  Call unary(String what, String method, JsonNode message, boolean isRepeatable) {
    HttpHeaders headers = headers();
    headers.setContentType(MediaType.APPLICATION_JSON);
    headers.set("Connect-Protocol-Version", "1");
    return call(what, HttpMethod.POST, "/" + method, headers, E2bJson.bytes(message), isRepeatable);
  }

  /// A call that is answered with a stream. Not repeatable: that would start another process.
  Call streaming(String what, String method, JsonNode message, HttpHeaders more) {
    HttpHeaders headers = headers();
    headers.set(HttpHeaders.CONTENT_TYPE, STREAM);
    headers.set("Connect-Protocol-Version", "1");
    headers.set(
        "Keepalive-Ping-Interval",
        Long.toString(Math.max(1, envd.properties().keepAlive().toSeconds())));
    headers.putAll(more);
    byte[] body = Frames.envelope(E2bJson.bytes(message));
    return call(what, HttpMethod.POST, "/" + method, headers, body, false);
  }

  /// A plain HTTP call.
  ///
  /// @param more headers
  Call plain(String what, HttpMethod method, String path, HttpHeaders more) {
    HttpHeaders headers = headers();
    headers.putAll(more);
    return call(what, method, path, headers, null, method.equals(HttpMethod.GET));
  }

  private Call call(
      String what,
      HttpMethod method,
      String path,
      HttpHeaders headers,
      byte @Nullable [] body,
      boolean isRepeatable) {
    return new Call(what, method, URI.create(base + path), headers, body, isRepeatable);
  }

  private HttpHeaders headers() {
    var headers = new HttpHeaders();
    headers.set("E2b-Sandbox-Id", sandbox.id().value());
    headers.set("E2b-Sandbox-Port", Integer.toString(PORT));
    Secret token = sandbox.accessToken();
    if (token != null) {
      headers.set("X-Access-Token", token.value());
    }
    return headers;
  }

  /// Sends it and reads the answer.
  ///
  /// @param isExpected answers that the caller reads himself, besides successes
  Answer ask(Call call, Predicate<Answer> isExpected) {
    return envd.attempts()
        .at(
            envd.target(),
            call,
            () ->
                checked(
                    call,
                    envd.target().ask(call, () -> envd.wire().ask(call, envd.limit())),
                    isExpected));
  }

  /// Sends a stream, once.
  Answer upload(Call call, StreamingHttpOutputMessage.Body content, LongSupplier progress) {
    Answer answer =
        envd.target().ask(call, () -> envd.wire().upload(call, content, envd.limit(), progress));
    return checked(call, answer, _ -> false);
  }

  /// Sends it and hands over what comes.
  ///
  /// @param secrets that no message may repeat
  /// @param isExpected answers that `read` understands, besides successes
  <T> T open(
      Call call,
      Collection<String> secrets,
      Predicate<Integer> isExpected,
      Wire.Reading<T> read,
      Consumer<T> discard) {
    Wire.Reading<T> checkedRead =
        response -> {
          int status = response.getStatusCode().value();
          if ((status >= 200 && status < 300) || isExpected.test(status)) {
            return read.apply(response);
          }
          throw failure(call, envd.wire().answer(call, response), secrets);
        };
    return envd.attempts()
        .at(
            envd.target(),
            call,
            () ->
                envd.target()
                    .open(call, () -> envd.wire().open(call, envd.limit(), checkedRead, discard)));
  }

  /// The whole answer of an opened call.
  Answer answer(Call call, ClientHttpResponse response) throws IOException {
    return envd.wire().answer(call, response);
  }

  /// What an answer says.
  <T> T read(Call call, Answer answer, Function<JsonNode, T> from) {
    try {
      return from.apply(EnvdJson.read(answer.body()));
    } catch (UnreadableAnswerException e) {
      throw envd.failures().unreadable(call.what(), e.why());
    }
  }

  /// The events of a process.
  ProcessFrames frames(String what, ClientHttpResponse response, Collection<String> secrets)
      throws IOException {
    String type = response.getHeaders().getFirst(HttpHeaders.CONTENT_TYPE);
    if (type == null || !type.startsWith(STREAM)) {
      throw envd.failures().unreadable(what, "is no stream of events");
    }
    return new ProcessFrames(
        envd.watched(response.getBody()),
        (int) envd.properties().frameSize().toBytes(),
        new StreamFailures(envd.failures(), id(), what, withToken(secrets)));
  }

  WatchedStream watched(InputStream body) {
    return envd.watched(body);
  }

  StreamFailures streamFailures(String what) {
    return new StreamFailures(envd.failures(), id(), what, withToken(List.of()));
  }

  private Answer checked(Call call, Answer answer, Predicate<Answer> isExpected) {
    if (answer.isSuccess() || isExpected.test(answer)) {
      return answer;
    }
    throw failure(call, answer, List.of());
  }

  RuntimeException failure(Call call, Answer answer, Collection<String> secrets) {
    return envd.failures().of(id(), call.what(), answer, withToken(secrets));
  }

  private List<String> withToken(Collection<String> secrets) {
    List<String> all = new ArrayList<>(secrets);
    Secret token = sandbox.accessToken();
    if (token != null) {
      all.add(token.value());
    }
    return all;
  }
}
