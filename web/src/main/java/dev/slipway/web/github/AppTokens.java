package dev.slipway.web.github;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.slipway.pipeline.security.Secret;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
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
  private static final Duration FRESH = Duration.ofSeconds(10);
  private static final int MOST = 10_000;
  private static final int LOCKS = 64;
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

  private final List<ReentrantLock> locks =
      Stream.generate(ReentrantLock::new).limit(LOCKS).toList();

  /// @param account login of whose repositories it opens
  /// @param repository its id, when it has another name by now
  record Installation(long id, String account, @Nullable Long repository) {}

  private record Minted(long installation, Secret token, Instant at, Instant until) {}

  /// @param base the address before every route
  AppTokens(Exchange exchange, String base, String appId, AppKey key, Clock clock) {
    this.exchange = exchange;
    this.base = base;
    this.appId = appId;
    this.key = key;
    this.clock = clock;
  }

  /// The App's installation on a repository, which may be another account's than its name says: a
  /// name goes on leading to what was transferred. Empty when it has none; that is not kept, so
  /// that whoever was told to install the App need not wait.
  Optional<Installation> installation(RepositoryPath repository) {
    RepositoryPath name = repository.folded();
    return once(
        name,
        () -> Optional.ofNullable(installations.getIfPresent(name)),
        () -> {
          Optional<Installation> found = lookUp(name);
          if (found.isPresent()) {
            installations.put(name, found);
          }
          return found;
        });
  }

  /// What is known, or what one of those who want to know it asks for. Never inside a cache: a call
  /// that is made there holds up what tidies the cache, on a thread of the pool that the JDK's
  /// client needs to end the call; with two processors there is no other.
  private <T> T once(RepositoryPath name, Supplier<Optional<T>> known, Supplier<T> asked) {
    Optional<T> before = known.get();
    if (before.isPresent()) {
      return before.get();
    }
    ReentrantLock lock = locks.get(Math.floorMod(name.hashCode(), locks.size()));
    lock.lock();
    try {
      return known.get().orElseGet(asked);
    } finally {
      lock.unlock();
    }
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
    AnswerJson json = AnswerJson.of(required(answer));
    Matcher renamed = BY_ID.matcher(answer.call().uri().getRawPath());
    return Optional.of(
        new Installation(
            json.number("/id"),
            json.text("/account/login"),
            renamed.find() ? Long.valueOf(renamed.group(1)) : null));
  }

  /// What to speak to a repository with.
  Credential credential(Installation installation, RepositoryPath repository) {
    RepositoryPath name = repository.folded();
    Minted minted =
        once(
            name,
            () ->
                Optional.ofNullable(tokens.getIfPresent(name))
                    .filter(known ->
                        known.installation == installation.id
                            && known.until.isAfter(clock.instant())),
            () -> {
              Minted made = mint(installation, name);
              tokens.put(name, made);
              return made;
            });
    return Credential.installation(minted.installation, name, minted.token, minted.at.plus(FRESH));
  }

  /// Forgets a token that was refused.
  ///
  /// @return another one of the same installation; empty when it is not one of ours
  /// @throws GitHubException the repository has another installation by now, perhaps of somebody
  ///   else: who may use that is to be judged first
  Optional<Credential> renewed(Credential refused) {
    RepositoryPath repository = refused.scope();
    if (repository == null) {
      return Optional.empty();
    }
    Minted known = tokens.getIfPresent(repository);
    if (known != null && known.token.equals(refused.secret())) {
      boolean _ = tokens.asMap().remove(repository, known);
    }
    installations.invalidate(repository);
    Optional<Installation> found = installation(repository);
    if (found.filter(one -> !refused.isOf(one.id())).isPresent()) {
      throw new GitHubException(
          GitHubFailure.passing(
              FailureCode.UNAVAILABLE,
              "%s has another installation of the App by now: it is tried again with that"
                  .formatted(repository),
              Duration.ZERO));
    }
    return found.map(one -> credential(one, repository));
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
        answer.token("/token"),
        clock.instant(),
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
