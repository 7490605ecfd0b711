package dev.slipway.sandbox.git;

import dev.slipway.pipeline.core.RepositoryUrl;
import dev.slipway.sandbox.git.GitRequestJson.BranchJson;
import dev.slipway.sandbox.git.GitRequestJson.CloneJson;
import dev.slipway.sandbox.git.GitRequestJson.CommitJson;
import dev.slipway.sandbox.git.GitRequestJson.PushJson;
import dev.slipway.sandbox.sandbox.GitRules;
import dev.slipway.sandbox.sandbox.OperationRequests;
import dev.slipway.sandbox.sandbox.SandboxOperation;
import dev.slipway.web.ApiException;
import dev.slipway.web.security.Caller;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.validation.Valid;
import java.util.UUID;
import java.util.function.Function;
import org.springframework.http.ResponseEntity;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Mono;

/// Repositories into sandboxes, and what was done there out again.
@RestController
@RequestMapping("/api/v1/git")
@Tag(name = "git", description = "Repositories in sandboxes")
final class GitController {
  private final OperationRequests operations;
  private final GitAccess access;

  GitController(OperationRequests operations, GitAccess access) {
    this.operations = operations;
    this.access = access;
  }

  @PostMapping("/clone")
  @Operation(summary = "Bring a repository into a sandbox; Prefer: wait=N waits until it is there")
  Mono<ResponseEntity<?>> clone(
      @AuthenticationPrincipal Caller caller,
      @RequestBody @Valid CloneJson body,
      ServerWebExchange exchange) {
    RepositoryUrl url =
        RepositoryUrl.parse(body.repositoryUrl())
            .orElseThrow(
                () -> refused("It must be the address of a repository, without credentials."));
    access
        .refusal(caller.tenant(), url)
        .ifPresent(why -> {
          throw refused(why);
        });
    return ask(
        caller,
        body.sandboxId(),
        body,
        exchange,
        id ->
            new SandboxOperation.Clone(
                id,
                absolute(body.path() == null ? GitRules.home(url) : body.path()),
                url.value(),
                body.branch(),
                body.depth() == null ? 1 : body.depth(),
                Boolean.TRUE.equals(body.submodules()),
                Boolean.TRUE.equals(body.lfs())));
  }

  private static ApiException refused(String why) {
    return ApiException.invalid("repository_url", "refused", why);
  }

  @PostMapping("/branch")
  @Operation(summary = "Make the branch, at what was cloned, for what comes out of a repository")
  Mono<ResponseEntity<?>> branch(
      @AuthenticationPrincipal Caller caller,
      @RequestBody @Valid BranchJson body,
      ServerWebExchange exchange) {
    return ask(
        caller,
        body.sandboxId(),
        body,
        exchange,
        id -> new SandboxOperation.Branch(id, absolute(body.path()), body.name()));
  }

  @PostMapping("/commit")
  @Operation(summary = "Make a commit of what was changed in a repository")
  Mono<ResponseEntity<?>> commit(
      @AuthenticationPrincipal Caller caller,
      @RequestBody @Valid CommitJson body,
      ServerWebExchange exchange) {
    return ask(
        caller,
        body.sandboxId(),
        body,
        exchange,
        id ->
            new SandboxOperation.Commit(
                id, absolute(body.path()), body.message(), body.committer(), null));
  }

  @PostMapping("/push")
  @Operation(summary = "Bring a repository's branch to its remote")
  Mono<ResponseEntity<?>> push(
      @AuthenticationPrincipal Caller caller,
      @RequestBody @Valid PushJson body,
      ServerWebExchange exchange) {
    return ask(
        caller,
        body.sandboxId(),
        body,
        exchange,
        id -> new SandboxOperation.Push(id, absolute(body.path())));
  }

  /// As paths of files are: absolute, or below the home of the sandbox's user.
  private static String absolute(String path) {
    return path.startsWith("/") ? path : "/home/user/" + path;
  }

  private Mono<ResponseEntity<?>> ask(
      Caller caller,
      UUID sandbox,
      Object body,
      ServerWebExchange exchange,
      Function<UUID, SandboxOperation.Git> wanted) {
    return operations.work(caller, sandbox, body, exchange, wanted);
  }
}
