package dev.slipway.web;

import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.TypeMismatchException;
import org.springframework.context.MessageSourceResolvable;
import org.springframework.core.MethodParameter;
import org.springframework.core.annotation.AnnotationUtils;
import org.springframework.validation.Errors;
import org.springframework.validation.ObjectError;
import org.springframework.validation.method.ParameterErrors;
import org.springframework.validation.method.ParameterValidationResult;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.support.WebExchangeBindException;
import org.springframework.web.method.annotation.HandlerMethodValidationException;
import org.springframework.web.server.MissingRequestValueException;
import org.springframework.web.server.ServerWebInputException;
import tools.jackson.core.JacksonException;
import tools.jackson.core.exc.InputCoercionException;
import tools.jackson.databind.exc.MismatchedInputException;
import tools.jackson.databind.exc.UnrecognizedPropertyException;
import tools.jackson.databind.exc.ValueInstantiationException;

/// What is wrong with the request that a client sent. What cannot be read at all, a path included,
/// is 400 `malformed`; what can be read but is not acceptable is 422 `invalid` and names the
/// fields.
final class InputProblems {
  private static final String TYPE_MISMATCH = "typeMismatch";
  private static final String WRONG_TYPE = "wrong_type";
  private static final String WRONG_TYPE_DETAIL = "The value is not of the expected type.";

  private InputProblems() {}

  /// Constraints on a body or a record of parameters.
  static ApiException of(WebExchangeBindException e) {
    return ApiException.invalid(fieldErrors(e).toList());
  }

  /// Constraints on single parameters.
  static ApiException of(HandlerMethodValidationException e) {
    if (e.isForReturnValue()) {
      return Problems.ofStatus(e.getStatusCode());
    }
    List<FieldError> errors =
        e.getParameterValidationResults().stream().flatMap(InputProblems::fieldErrors).toList();
    return e.getParameterValidationResults().stream()
            .anyMatch(
                result -> result.getMethodParameter().hasParameterAnnotation(PathVariable.class))
        ? malformedPath(errors)
        : ApiException.invalid(errors);
  }

  /// Missing or unreadable parameters, headers and bodies.
  static ApiException of(ServerWebInputException e) {
    MethodParameter parameter = e.getMethodParameter();
    if (e instanceof MissingRequestValueException missing) {
      return ApiException.invalid(missing.getName(), "required", "It is missing.");
    }
    if (e.getCause() instanceof TypeMismatchException && parameter != null) {
      FieldError error = wrongType(nameOf(parameter));
      return parameter.hasParameterAnnotation(PathVariable.class)
          ? malformedPath(List.of(error))
          : ApiException.invalid(List.of(error));
    }
    for (Throwable cause = e.getCause(); cause != null; cause = cause.getCause()) {
      if (cause instanceof JacksonException json) {
        return ofBody(json);
      }
    }
    return new ApiException(ErrorCode.MALFORMED, "The body is missing or cannot be read.");
  }

  static FieldError wrongType(String field) {
    return new FieldError(field, WRONG_TYPE, WRONG_TYPE_DETAIL);
  }

  static ApiException malformedPath(List<FieldError> errors) {
    return new ApiException(ErrorCode.MALFORMED, "The path is malformed.").with(errors);
  }

  /// A body of JSON that could not be read.
  static ApiException ofBody(JacksonException e) {
    String field = pathOf(e);
    return switch (e) {
      case UnrecognizedPropertyException _ ->
          ApiException.invalid(field, "unknown_field", "There is no such field.");
      // the other is a number that its field's type cannot hold
      case MismatchedInputException _, InputCoercionException _ ->
          ApiException.invalid(field, WRONG_TYPE, WRONG_TYPE_DETAIL);
      case ValueInstantiationException _ ->
          ApiException.invalid(field, "malformed", "The value is malformed.");
      default -> new ApiException(ErrorCode.MALFORMED, "The body is no well-formed JSON.");
    };
  }

  private static Stream<FieldError> fieldErrors(Errors errors) {
    return errors.getAllErrors().stream()
        .map(error ->
            fieldError(
                error instanceof org.springframework.validation.FieldError field
                    ? snakeCase(field.getField())
                    : "",
                error));
  }

  private static Stream<FieldError> fieldErrors(ParameterValidationResult result) {
    if (result instanceof ParameterErrors body) {
      return fieldErrors((Errors) body);
    }
    String name = nameOf(result.getMethodParameter());
    return result.getResolvableErrors().stream().map(error -> fieldError(name, error));
  }

  private static FieldError fieldError(String field, MessageSourceResolvable error) {
    String code = lastCode(error);
    if (code.equals(TYPE_MISMATCH)) {
      return wrongType(field);
    }
    @Nullable String message = error.getDefaultMessage();
    return new FieldError(field, snakeCase(code), message == null ? "It is not valid." : message);
  }

  /// The constraint's own name, such as `NotBlank`.
  private static String lastCode(MessageSourceResolvable error) {
    if (error instanceof ObjectError object && object.getCode() != null) {
      return object.getCode();
    }
    String @Nullable [] codes = error.getCodes();
    return codes == null || codes.length == 0 ? "Invalid" : codes[codes.length - 1];
  }

  /// The name that the client knows it by: the annotation's, else the Java name in snake case.
  private static String nameOf(MethodParameter parameter) {
    return Stream.of(parameter.getParameterAnnotations())
        .map(AnnotationUtils::getValue)
        .filter(name -> name instanceof String text && !text.isEmpty())
        .map(String.class::cast)
        .findFirst()
        .orElseGet(() -> snakeCase(String.valueOf(parameter.getParameterName())));
  }

  private static String pathOf(JacksonException e) {
    return e.getPath().stream()
        .map(step ->
            step.getPropertyName() == null
                ? "[" + step.getIndex() + "]"
                : "." + step.getPropertyName())
        .collect(Collectors.joining())
        .replaceFirst("^\\.", "");
  }

  private static String snakeCase(String name) {
    return name.replaceAll("(?<=[a-z0-9])(?=[A-Z])", "_").toLowerCase(Locale.ROOT);
  }
}
