package dev.slipway.localgithub.transport;

import dev.slipway.localgithub.api.Caller;
import dev.slipway.localgithub.api.Callers;
import dev.slipway.localgithub.api.Credentials;
import dev.slipway.localgithub.api.Urls;
import dev.slipway.localgithub.git.Git;
import dev.slipway.localgithub.git.GitRepository;
import dev.slipway.localgithub.git.GitRepository.Service;
import dev.slipway.localgithub.git.MalformedPushException;
import dev.slipway.localgithub.git.PushAnswer;
import dev.slipway.localgithub.git.PushRules;
import dev.slipway.localgithub.git.RefUpdate;
import dev.slipway.localgithub.repository.Protections;
import dev.slipway.localgithub.repository.References;
import dev.slipway.localgithub.repository.Repositories;
import dev.slipway.localgithub.repository.Repository;
import dev.slipway.localserver.Exchange;
import dev.slipway.localserver.RefusedException;
import dev.slipway.localserver.Routes;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;

/// Smart HTTP: what `git clone`, `fetch` and `push` ask for.
public final class GitRoutes {
  private final Repositories repositories;
  private final References references;
  private final Protections protections;
  private final Callers callers;
  private final Urls urls;
  private final Git git;

  public GitRoutes(
      Repositories repositories,
      References references,
      Protections protections,
      Callers callers,
      Urls urls,
      Git git) {
    this.repositories = repositories;
    this.references = references;
    this.protections = protections;
    this.callers = callers;
    this.urls = urls;
    this.git = git;
  }

  public Routes routes() {
    return new Routes()
        .on("GET /{owner}/{repo}/info/refs", exchange -> answer(exchange, this::advertise))
        .on("POST /{owner}/{repo}/git-upload-pack", exchange -> answer(exchange, this::fetch))
        .on("POST /{owner}/{repo}/git-receive-pack", exchange -> answer(exchange, this::push));
  }

  private interface Handler {
    void handle(Exchange exchange, Caller caller) throws IOException;
  }

  /// Clients of git show people an error when it is text.
  private void answer(Exchange exchange, Handler handler) throws IOException {
    try {
      Caller caller =
          Credentials.of(exchange).flatMap(callers::find).orElseThrow(GitRoutes::unknownCaller);
      boolean _ =
          git.onPlatformThread(() -> {
            handler.handle(exchange, caller);
            return true;
          });
    } catch (MalformedPushException | ZipException e) {
      exchange.answerText(400, "Malformed request: " + e.getMessage());
    } catch (RefusedException e) {
      e.headers().forEach(exchange::set);
      exchange.answerText(e.status(), e.text());
    }
  }

  private static RefusedException unknownCaller() {
    return new RefusedException(401, "Invalid username or token.")
        .with("WWW-Authenticate", "Basic realm=\"GitHub\"");
  }

  private void advertise(Exchange exchange, Caller caller) throws IOException {
    String wanted = exchange.query("service").orElse("");
    Service service =
        Stream.of(Service.values())
            .filter(each -> each.wire().equals(wanted))
            .findFirst()
            .orElseThrow(() ->
                new RefusedException(403, "Please upgrade your git client: smart HTTP only."));
    Repository repository = require(exchange, caller, service);
    notCached(exchange).set("Content-Type", "application/x-" + wanted + "-advertisement");
    try (OutputStream out = exchange.stream(200)) {
      repositories.git(repository).advertise(service, exchange.header("Git-Protocol"), out);
    }
  }

  private Repository require(Exchange exchange, Caller caller, Service service) {
    String owner = exchange.parameter("owner");
    String name = exchange.parameter("repo").replaceFirst("\\.git$", "");
    Repository repository =
        repositories
            .find(owner, name)
            .filter(found -> caller.sees(found.id()))
            .filter(_ -> caller.may(Set.of("contents"), false))
            .orElseThrow(() -> new RefusedException(404, "Repository not found."));
    if (!repository.owner().equalsIgnoreCase(owner) || !repository.name().equalsIgnoreCase(name)) {
      String rest = exchange.path().split("/[^/]+/[^/]+", 2)[1];
      throw new RefusedException(301, "Moved Permanently")
          .with(
              "Location",
              urls.html("/" + repository.fullName() + ".git" + rest)
                  + exchange.queryString().map(query -> "?" + query).orElse(""));
    }
    if (service == Service.RECEIVE_PACK) {
      requireWritable(repository, caller);
    }
    return repository;
  }

  private static void requireWritable(Repository repository, Caller caller) {
    if (!caller.may(Set.of("contents"), true)) {
      throw new RefusedException(
          403,
          "Permission to %s.git denied to %s."
              .formatted(repository.fullName(), caller.account().login()));
    }
    if (repository.archived()) {
      throw new RefusedException(403, "This repository was archived so it is read-only.");
    }
  }

  private static Exchange notCached(Exchange exchange) {
    return exchange
        .set("Cache-Control", "no-cache, max-age=0, must-revalidate")
        .set("Pragma", "no-cache")
        .set("Expires", "Fri, 01 Jan 1980 00:00:00 GMT");
  }

  private static InputStream body(Exchange exchange) throws IOException {
    Optional<String> encoding = exchange.header("Content-Encoding");
    if (encoding.filter(each -> each.equals("gzip") || each.equals("x-gzip")).isEmpty()) {
      return exchange.body();
    }
    try {
      return new GZIPInputStream(exchange.body());
    } catch (EOFException _) {
      throw new ZipException("the request is too short to be gzip");
    }
  }

  private void fetch(Exchange exchange, Caller caller) throws IOException {
    GitRepository repository = repositories.git(require(exchange, caller, Service.UPLOAD_PACK));
    notCached(exchange).set("Content-Type", "application/x-git-upload-pack-result");
    InputStream body = body(exchange);
    try (OutputStream out = exchange.stream(200)) {
      repository.uploadPack(exchange.header("Git-Protocol"), body, out);
    }
  }

  private void push(Exchange exchange, Caller caller) throws IOException {
    Repository repository = require(exchange, caller, Service.RECEIVE_PACK);
    PushAnswer pushed =
        repositories
            .git(repository)
            .receivePack(updates -> rules(repository, updates, caller), body(exchange));
    references.changed(repository, pushed.updates(), caller);
    notCached(exchange).answerBytes(200, "application/x-git-receive-pack-result", pushed.bytes());
  }

  private PushRules rules(Repository repository, List<RefUpdate> updates, Caller caller) {
    PushRules rules = protections.rules(repository, updates);
    return caller.may(Set.of("workflows"), true) ? rules : rules.withoutWorkflows();
  }
}
