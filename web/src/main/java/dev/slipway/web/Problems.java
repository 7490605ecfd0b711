package dev.slipway.web;

import dev.slipway.pipeline.error.RetryableException;
import dev.slipway.pipeline.stage.KeyInUseException;
import dev.slipway.pipeline.stage.KeyReusedException;
import java.util.stream.Collectors;
import org.springframework.core.io.buffer.DataBufferLimitException;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.http.HttpStatusCode;
import org.springframework.security.access.AccessDeniedException;
import org.springframework.security.authentication.AuthenticationServiceException;
import org.springframework.security.core.AuthenticationException;
import org.springframework.security.oauth2.core.OAuth2AuthenticationException;
import org.springframework.web.bind.support.WebExchangeBindException;
import org.springframework.web.method.annotation.HandlerMethodValidationException;
import org.springframework.web.server.MethodNotAllowedException;
import org.springframework.web.server.ResponseStatusException;
import org.springframework.web.server.ServerWebInputException;
import org.springframework.web.server.UnsupportedMediaTypeStatusException;

/// Which answer a failure gets. Whatever is thrown ends here; the words are ours, never those of
/// the failure.
///
/// | Failure | Answer |
/// |---|---|
/// | [ApiException] | itself |
/// | what the outside lacks for now | 503, when to come back |
/// | an idempotency key was used for another body; its first request still runs | 422; 409 |
/// | no token, or one that is not accepted | 401 with its challenge (RFC 6750 §3) |
/// | parameters, headers and bodies | see [InputProblems] |
/// | unknown path, wrong method, media type, size | 404, 405 with `Allow`, 415, 413 |
/// | anything else | 500 |
final class Problems {
  private Problems() {}

  static ApiException of(Throwable failure) {
    return switch (failure) {
      case ApiException e -> e;
      case RetryableException e -> unavailable().retryAfter(e.retryAfter());
      case KeyReusedException _ -> keyReused();
      case KeyInUseException _ -> keyInUse();
      case AuthenticationServiceException _ -> unavailable();
      case OAuth2AuthenticationException _ -> unauthenticated(", error=\"invalid_token\"");
      case AuthenticationException _ -> unauthenticated("");
      case AccessDeniedException _ -> new ApiException(ErrorCode.FORBIDDEN, "This is not allowed.");
      case WebExchangeBindException e -> InputProblems.of(e);
      case HandlerMethodValidationException e -> InputProblems.of(e);
      case ServerWebInputException e -> InputProblems.of(e);
      case MethodNotAllowedException e -> methodNotAllowed(e);
      case UnsupportedMediaTypeStatusException e -> unsupportedMediaType(e);
      case DataBufferLimitException _ -> tooLarge();
      case ResponseStatusException e -> ofStatus(e.getStatusCode());
      default -> internal();
    };
  }

  /// For a failure that is known by its status alone.
  static ApiException ofStatus(HttpStatusCode status) {
    ErrorCode code =
        ErrorCode.of(status)
            .orElse(status.is4xxClientError() ? ErrorCode.MALFORMED : ErrorCode.INTERNAL);
    return switch (code) {
      case NOT_FOUND -> new ApiException(code, "There is nothing at this path.");
      case TOO_LARGE -> tooLarge();
      case UNAUTHENTICATED -> unauthenticated("");
      case UNAVAILABLE -> unavailable();
      case INTERNAL -> internal();
      case UNSUPPORTED_MEDIA_TYPE ->
          new ApiException(code, "The content type is missing or not one of those accepted here.");
      default -> new ApiException(code, code.title() + ".");
    };
  }

  static ApiException keyReused() {
    return new ApiException(
        ErrorCode.KEY_REUSED, "This key was used for a request with another body.");
  }

  static ApiException keyInUse() {
    return new ApiException(ErrorCode.KEY_IN_USE, "The first request with this key still runs.");
  }

  private static ApiException internal() {
    return new ApiException(ErrorCode.INTERNAL, "Something failed on our side; it is logged.");
  }

  private static ApiException unavailable() {
    return new ApiException(
        ErrorCode.UNAVAILABLE, "Something this needs does not answer right now. Try again.");
  }

  private static ApiException tooLarge() {
    return new ApiException(ErrorCode.TOO_LARGE, "The body is larger than what is accepted here.");
  }

  private static ApiException unauthenticated(String reason) {
    return new ApiException(
            ErrorCode.UNAUTHENTICATED, "This needs a bearer token that is valid here.")
        .with(HttpHeaders.WWW_AUTHENTICATE, "Bearer realm=\"slipway\"" + reason);
  }

  private static ApiException methodNotAllowed(MethodNotAllowedException e) {
    String allowed =
        e.getSupportedMethods().stream()
            .map(HttpMethod::name)
            .sorted()
            .collect(Collectors.joining(", "));
    return new ApiException(
            ErrorCode.METHOD_NOT_ALLOWED,
            "This path takes " + (allowed.isEmpty() ? "no" : allowed) + ".")
        .with(HttpHeaders.ALLOW, allowed);
  }

  private static ApiException unsupportedMediaType(UnsupportedMediaTypeStatusException e) {
    String supported =
        e.getSupportedMediaTypes().stream().map(Object::toString).collect(Collectors.joining(", "));
    ApiException answer = ofStatus(e.getStatusCode());
    return supported.isEmpty() ? answer : answer.with(HttpHeaders.ACCEPT, supported);
  }
}
