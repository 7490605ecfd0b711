package dev.slipway.web;

/// What is wrong with one field or parameter of a request.
///
/// @param field its path, such as `pull_request.title` or `commands[0]`; empty for the whole body
/// @param code `unknown_field`, `wrong_type`, `malformed`, or the broken constraint, such as
///   `not_blank`
public record FieldError(String field, String code, String detail) {}
