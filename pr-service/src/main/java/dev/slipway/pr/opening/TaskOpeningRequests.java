package dev.slipway.pr.opening;

import dev.slipway.web.IdempotentRequest;
import dev.slipway.web.operation.OperationView;
import dev.slipway.web.security.Caller;
import java.util.UUID;
import org.springframework.http.ResponseEntity;
import reactor.core.publisher.Mono;

/// What tasks ask of GitHub, as the feature of tasks answers for it.
public interface TaskOpeningRequests {
  /// Asks for the pull request of a task. What is not given is the task's own.
  ///
  /// @param body names a task
  /// @param request of that body
  Mono<ResponseEntity<String>> open(IdempotentRequest request, OpeningRequestJson body);

  /// An operation of a task of the caller's tenant; empty when there is none.
  Mono<OperationView> find(Caller caller, UUID operation);

  /// Has an operation given up.
  ///
  /// @param operation one of those that [#find] found
  Mono<ResponseEntity<String>> cancel(IdempotentRequest request, OperationView operation);
}
