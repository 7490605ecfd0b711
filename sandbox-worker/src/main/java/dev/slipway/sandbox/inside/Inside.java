package dev.slipway.sandbox.inside;

import dev.slipway.sandbox.provider.ExternalId;
import dev.slipway.sandbox.provider.ProviderFailure;
import dev.slipway.sandbox.provider.ProviderRefusedException;
import dev.slipway.sandbox.provider.SandboxProvider;
import dev.slipway.sandbox.provider.SandboxSession;
import dev.slipway.sandbox.sandbox.SandboxQueries.Row;
import dev.slipway.sandbox.sandbox.SandboxRequests;
import dev.slipway.sandbox.sandbox.SandboxStatus;
import dev.slipway.web.ApiException;
import dev.slipway.web.ErrorCode;
import dev.slipway.web.security.Caller;
import java.util.UUID;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/// The way of requests into sandboxes that run.
///
/// | What is wrong | Answer |
/// |---|---|
/// | no such sandbox of the tenant; nothing at the path | 404 `not_found` |
/// | it does not run, or its provider has it no more | 409 `illegal_state` |
/// | the path cannot be used so | 422 `invalid` |
/// | more than fits | 413 `too_large` |
/// | the provider is away, refuses us, or there is none | 503 `unavailable` |
final class Inside {
  private final SandboxRequests sandboxes;
  private final SandboxProvider provider;
  private final Scheduler blocking;

  /// @param blocking where calls that wait belong
  Inside(SandboxRequests sandboxes, SandboxProvider provider, Scheduler blocking) {
    this.sandboxes = sandboxes;
    this.provider = provider;
    this.blocking = blocking;
  }

  /// Work with a sandbox that runs. It may block.
  @FunctionalInterface
  interface Work<T> {
    /// Does it.
    ///
    /// @param id of the sandbox at its provider
    T with(SandboxProvider provider, ExternalId id, SandboxSession session);
  }

  /// Does some work in a sandbox of the caller's tenant.
  <T> Mono<T> in(Caller caller, UUID sandbox, Work<T> work) {
    return sandboxes
        .require(caller, sandbox)
        .map(Inside::runningAt)
        .flatMap(id ->
            Mono.fromCallable(() -> enter(id, work))
                .onErrorMap(ProviderRefusedException.class, Inside::problem)
                .subscribeOn(blocking));
  }

  private <T> T enter(ExternalId id, Work<T> work) {
    SandboxSession session =
        provider.find(id).map(found -> provider.open(found.sandbox())).orElseThrow(Inside::gone);
    return work.with(provider, id, session);
  }

  private static ExternalId runningAt(Row row) {
    SandboxStatus status = row.state().status();
    String externalId = row.state().externalId();
    if (status != SandboxStatus.RUNNING || externalId == null) {
      throw new ApiException(
          ErrorCode.ILLEGAL_STATE, "The sandbox is %s: it must run.".formatted(status));
    }
    return new ExternalId(externalId);
  }

  private static ApiException gone() {
    return new ApiException(ErrorCode.ILLEGAL_STATE, "The sandbox's provider has it no more.");
  }

  /// What a refusal is to the caller, in our words.
  private static ApiException problem(ProviderFailure refused) {
    return switch (refused.code()) {
      case NOT_FOUND -> ApiException.notFound("file");
      case SANDBOX_LOST -> gone();
      case VALIDATION_FAILED ->
          ApiException.invalid(
              "path", "wrong_type", "It cannot be used so: is it a directory, or is it none?");
      case TOO_LARGE -> new ApiException(ErrorCode.TOO_LARGE, "It is more than fits.");
      case QUOTA_EXCEEDED, RATE_LIMITED, AUTH_FAILED, TIMEOUT, UNAVAILABLE, INTERNAL ->
          new ApiException(
              ErrorCode.UNAVAILABLE, "The sandbox's provider does not do it now. Try again.");
    };
  }
}
