package dev.slipway.web.github;

import dev.slipway.web.security.Tenants;
import java.net.URI;
import java.time.Clock;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.core.ParameterizedTypeReference;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.http.ResponseEntity;
import org.springframework.web.service.invoker.HttpExchangeAdapter;
import org.springframework.web.service.invoker.HttpRequestValues;
import org.springframework.web.service.invoker.HttpServiceProxyFactory;
import org.springframework.web.util.DefaultUriBuilderFactory;
import org.springframework.web.util.UriBuilderFactory;
import tools.jackson.databind.json.JsonMapper;

/// GitHub's REST API, or that of a server that speaks as it does. Its routes are declared as
/// Spring's HTTP interfaces: methods that answer [Received] and take the [Credential] as the
/// attribute [#CREDENTIAL]. What is no success is a [GitHubException].
///
/// Whoever is told to wait waits; a refused installation token is tried again while it is new, and
/// renewed once; what did not change is not sent again; redirects are followed within the API, and
/// within the tenant; while GitHub seems to be down it is left alone.
public final class GitHubApi implements AutoCloseable {
  /// Name of the attribute that says as whom.
  public static final String CREDENTIAL = "credential";

  private final Wire wire;
  private final ApiAddress address;
  private final GitHubCredentials credentials;
  private final Exchange exchange;
  private final UriBuilderFactory uris;

  private GitHubApi(GitHubProperties properties, Tenants tenants, Clock clock) {
    this.wire = new Wire(properties, clock);
    this.address = new ApiAddress(properties);
    this.uris = new DefaultUriBuilderFactory(properties.base());
    Exchange reached = new Redirects(new Guarded(wire, properties, clock), address, tenants);
    this.credentials =
        new GitHubCredentials(
            properties.gitHost(), tenants, properties.token(), app(properties, reached, clock));
    this.exchange =
        new Limited(
            new Authorised(
                new Fresh(
                    new Conditional(reached, properties.client().cacheSize().toBytes()),
                    clock,
                    Fresh.PAUSES),
                credentials),
            clock);
  }

  private static @Nullable AppTokens app(
      GitHubProperties properties, Exchange exchange, Clock clock) {
    return properties.appId() == null || properties.appKeyFile() == null
        ? null
        : new AppTokens(
            new Limited(exchange, clock),
            properties.base(),
            properties.appId(),
            AppKey.read(properties.appKeyFile()),
            clock);
  }

  /// Opens it; nothing is called before somebody asks.
  public static GitHubApi open(GitHubProperties properties, Tenants tenants, Clock clock) {
    return new GitHubApi(properties, tenants, clock);
  }

  /// As whom tenants speak.
  public GitHubCredentials credentials() {
    return credentials;
  }

  /// The routes that an interface declares.
  public <R> R routes(Class<R> type) {
    return HttpServiceProxyFactory.builderFor(new Adapter()).build().createClient(type);
  }

  private Received send(HttpRequestValues values) {
    Received answer = exchange.send(call(values));
    if (!answer.isSuccess()) {
      throw new GitHubException(Failures.of(answer));
    }
    return answer;
  }

  private Call call(HttpRequestValues values) {
    Object body = values.getBodyValue();
    return new Call(
        Objects.requireNonNullElse(values.getHttpMethod(), HttpMethod.GET),
        uri(values),
        values.getAttributes().get(CREDENTIAL) instanceof Credential as ? as : Credential.ANYBODY,
        values.getHeaders(),
        body == null ? null : JsonMapper.shared().writeValueAsBytes(body));
  }

  /// An address that an answer named is one of the API's, or nothing is sent there.
  private URI uri(HttpRequestValues values) {
    URI given = values.getUri();
    if (given == null) {
      String template = values.getUriTemplate();
      return uris.expand(template == null ? "" : template, values.getUriVariables());
    }
    if (!address.has(given)) {
      throw new GitHubException(
          GitHubFailure.lasting(
              FailureCode.INTERNAL,
              "a page at %s is not the API's at GITHUB_API_URL".formatted(given.getHost())));
    }
    return given;
  }

  /// Ends what is still under way.
  @Override
  public void close() {
    wire.close();
  }

  private final class Adapter implements HttpExchangeAdapter {
    @Override
    public boolean supportsRequestAttributes() {
      return true;
    }

    @Override
    public void exchange(HttpRequestValues values) {
      Received _ = send(values);
    }

    @Override
    public HttpHeaders exchangeForHeaders(HttpRequestValues values) {
      return send(values).headers();
    }

    @Override
    @SuppressWarnings("unchecked") // routes answer Received and nothing else
    public <T> T exchangeForBody(HttpRequestValues values, ParameterizedTypeReference<T> type) {
      if (!type.getType().equals(Received.class)) {
        throw new IllegalArgumentException("a route of GitHub's answers Received");
      }
      return (T) send(values);
    }

    @Override
    public ResponseEntity<Void> exchangeForBodilessEntity(HttpRequestValues values) {
      Received answer = send(values);
      return ResponseEntity.status(answer.status()).headers(answer.headers()).build();
    }

    @Override
    public <T> ResponseEntity<T> exchangeForEntity(
        HttpRequestValues values, ParameterizedTypeReference<T> type) {
      throw new IllegalArgumentException("a route of GitHub's answers Received");
    }
  }
}
