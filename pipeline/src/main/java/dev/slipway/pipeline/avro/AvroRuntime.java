package dev.slipway.pipeline.avro;

import org.apache.avro.SystemLimitException;
import org.apache.avro.util.ClassSecurityValidator;

/// What Avro must be told once per JVM before it touches a record.
public final class AvroRuntime {
  private static final String LARGEST_VALUE_BYTES = Integer.toString(64 * 1024 * 1024);

  static {
    // Avro refuses classes that it was not told to trust, our generated ones included.
    ClassSecurityValidator.setGlobal(
        ClassSecurityValidator.composite(
            ClassSecurityValidator.getGlobal(),
            type -> type.getName().startsWith("dev.slipway.schemas.")));
    // A damaged length would otherwise allocate up to 2 GiB before the end of input is noticed.
    limit(SystemLimitException.MAX_BYTES_LENGTH_PROPERTY);
    limit(SystemLimitException.MAX_STRING_LENGTH_PROPERTY);
  }

  private AvroRuntime() {}

  /// Does its work the first time; every class that uses Avro calls it in its static initialiser.
  public static void prepare() {
    // the static initialiser did it
  }

  private static void limit(String property) {
    if (System.getProperty(property) == null) {
      System.setProperty(property, LARGEST_VALUE_BYTES);
    }
  }
}
