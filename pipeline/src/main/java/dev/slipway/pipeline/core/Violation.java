package dev.slipway.pipeline.core;

import java.util.List;
import java.util.stream.Collectors;

/// Something that may not be in what somebody asks for.
///
/// @param field as the API names it
/// @param code stable, such as `range`
/// @param detail for people; never the value itself
public record Violation(String field, String code, String detail) {
  /// All of them, for people.
  public static String told(List<Violation> violations) {
    return violations.stream()
        .map(violation -> violation.field() + ": " + violation.detail())
        .collect(Collectors.joining(" "));
  }
}
