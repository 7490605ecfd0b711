package dev.slipway.sandbox.provider;

import java.util.regex.Pattern;

/// A sandbox's id at its provider.
///
/// @param value 1 to 128 letters, digits and dashes, so that it is safe in every URL
public record ExternalId(String value) {
  private static final Pattern SHAPE = Pattern.compile("[A-Za-z0-9][A-Za-z0-9-]{0,127}");

  public ExternalId {
    if (!SHAPE.matcher(value).matches()) {
      throw new IllegalArgumentException("no id of a sandbox: letters, digits and dashes only");
    }
  }

  @Override
  public String toString() {
    return value;
  }
}
