package dev.slipway.web.github;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.slipway.pipeline.security.Secret;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// Tokens of a GitHub App's installations, each for one repository. They are good for an hour and
/// used until five minutes before.
final class AppTokens {
  private static final Duration MARGIN = Duration.ofMinutes(5);
  private static final Duration TRUST = Duration.ofMinutes(1);
  private static final int MOST = 10_000;
  private static final Pattern BY_ID = Pattern.compile("/repositories/([0-9]{1,18})/installation$");

  private final Exchange exchange;
  private final String base;
  private final String appId;
  private final AppKey key;
  private final Clock clock;
  private final Cache<RepositoryPath, Optional<Installation>> installations =
      Caffeine.newBuilder().maximumSize(MOST).expireAfterWrite(TRUST).build();
  private final Cache<RepositoryPath, Minted> tokens =
      Caffeine.newBuilder().maximumSize(MOST).build();

  /// @param repository its id, when it has another name by now
  record Installation(long id, @Nullable Long repository) {}

  private record Minted(long installation, Secret token, Instant until) {}

  /// @param base the address before every route
  AppTokens(Exchange exchange, String base, String appId, AppKey key, Clock clock) {
    this.exchange = exchange;
    this.base = base;
    this.appId = appId;
    this.key = key;
    this.clock = clock;
  }

  /// The App's installation on a repository; empty when it has none.
  Optional<Installation> installation(RepositoryPath repository) {
    return installations.get(repository.folded(), this::lookUp);
  }

  private Optional<Installation> lookUp(RepositoryPath repository) {
    Received answer =
        send(
            HttpMethod.GET,
            "/repos/%s/%s/installation".formatted(repository.owner(), repository.name()),
            null);
    if (answer.status() == 404) {
      return Optional.empty();
    }
    Matcher renamed = BY_ID.matcher(answer.call().uri().getRawPath());
    return Optional.of(
        new Installation(
            AnswerJson.of(required(answer)).number("/id"),
            renamed.find() ? Long.valueOf(renamed.group(1)) : null));
  }

  /// What to speak to a repository with.
  Credential credential(Installation installation, RepositoryPath repository) {
    RepositoryPath name = repository.folded();
    Minted minted =
        tokens
            .asMap()
            .compute(
                name,
                (_, known) ->
                    known != null
                            && known.installation == installation.id
                            && known.until.isAfter(clock.instant())
                        ? known
                        : mint(installation, name));
    return Credential.installation(minted.installation, name, minted.token);
  }

  /// Forgets a token that was refused.
  ///
  /// @return another one; empty when it is not one of ours
  Optional<Credential> renewed(Credential refused) {
    RepositoryPath repository = refused.scope();
    if (repository == null) {
      return Optional.empty();
    }
    tokens
        .asMap()
        .computeIfPresent(
            repository, (_, known) -> known.token.equals(refused.secret()) ? null : known);
    installations.invalidate(repository);
    return installation(repository).map(found -> credential(found, repository));
  }

  private Minted mint(Installation installation, RepositoryPath repository) {
    ObjectNode body = JsonMapper.shared().createObjectNode();
    Long id = installation.repository;
    if (id == null) {
      body.putArray("repositories").add(repository.name());
    } else {
      body.putArray("repository_ids").add(id);
    }
    AnswerJson answer =
        AnswerJson.of(
            required(
                send(
                    HttpMethod.POST,
                    "/app/installations/%d/access_tokens".formatted(installation.id),
                    body)));
    return new Minted(
        installation.id,
        new Secret(answer.text("/token")),
        answer.instant("/expires_at").minus(MARGIN));
  }

  private static Received required(Received answer) {
    if (!answer.isSuccess()) {
      throw new GitHubException(Failures.of(answer));
    }
    return answer;
  }

  private Received send(HttpMethod method, String route, @Nullable JsonNode body) {
    return exchange.send(
        new Call(
            method,
            URI.create(base + route),
            Credential.app(appId, key.jwt(appId, clock.instant())),
            HttpHeaders.EMPTY,
            body == null ? null : body.toString().getBytes(StandardCharsets.UTF_8)));
  }
}
