package dev.slipway.schemas;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apache.avro.Schema;
import org.apache.avro.SchemaCompatibility;
import org.apache.avro.SchemaCompatibility.SchemaCompatibilityType;
import org.jspecify.annotations.Nullable;

/// What two versions of a topic's schema owe each other. The topic's record may gain branches, so
/// it is only backward compatible; every type below it is compatible in both directions.
final class SchemaRules {
  private SchemaRules() {}

  /// What breaks when `newer` follows `older`, in words; empty when nothing does.
  static List<String> violations(Schema older, Schema newer) {
    List<String> found = new ArrayList<>();
    if (!reads(newer, older)) {
      found.add("%s cannot read what its older version wrote".formatted(newer.getFullName()));
    }
    Map<String, Schema> before = named(older);
    Map<String, Schema> after = named(newer);
    before.forEach((name, old) -> {
      Schema current = after.get(name);
      if (current == null) {
        found.add(name + " was removed");
      } else if (!name.equals(newer.getFullName())) {
        if (!reads(current, old)) {
          found.add(name + " cannot read what its older version wrote");
        }
        if (!reads(old, current)) {
          found.add(name + " cannot be read by its older version");
        }
        fieldViolations(old, current, found);
      }
    });
    return found;
  }

  /// Types, enum defaults and documentation that every version must have, whatever came before.
  static List<String> omissions(Schema schema) {
    List<String> found = new ArrayList<>();
    named(schema)
        .forEach((name, type) -> {
          if (type.getDoc() == null || type.getDoc().isBlank()) {
            found.add(name + " has no documentation");
          }
          if (type.getType() == Schema.Type.ENUM && !"UNKNOWN".equals(type.getEnumDefault())) {
            found.add(name + " has no default UNKNOWN");
          }
          if (type.getType() == Schema.Type.RECORD) {
            type.getFields().stream()
                .filter(field -> field.doc() == null || field.doc().isBlank())
                .forEach(field -> found.add(name + "." + field.name() + " is undocumented"));
          }
        });
    return found;
  }

  private static void fieldViolations(Schema old, Schema current, List<String> found) {
    if (old.getType() != Schema.Type.RECORD || current.getType() != Schema.Type.RECORD) {
      return;
    }
    for (Schema.Field field : old.getFields()) {
      Schema.Field now = current.getField(field.name());
      if (now == null) {
        found.add("%s.%s was removed".formatted(old.getFullName(), field.name()));
      } else if (!sameMeaning(field.schema(), now.schema())) {
        found.add("%s.%s has another logical type".formatted(old.getFullName(), field.name()));
      }
    }
  }

  /// Avro's own validators let `timestamp-micros` become `timestamp-millis`.
  private static boolean sameMeaning(Schema a, Schema b) {
    if (a.getType() != b.getType()) {
      return true; // not about logical types, and judged by Avro
    }
    return switch (a.getType()) {
      case UNION ->
          a.getTypes().stream()
              .allMatch(branch ->
                  b.getTypes().stream()
                      .filter(other -> other.getFullName().equals(branch.getFullName()))
                      .allMatch(other -> sameMeaning(branch, other)));
      case ARRAY -> sameMeaning(a.getElementType(), b.getElementType());
      case MAP -> sameMeaning(a.getValueType(), b.getValueType());
      // named types are compared by name, once each
      case RECORD, ENUM -> true;
      case FIXED, STRING, BYTES, INT, LONG, FLOAT, DOUBLE, BOOLEAN, NULL ->
          Objects.equals(logicalType(a), logicalType(b))
              && Objects.equals(a.getObjectProp("precision"), b.getObjectProp("precision"))
              && Objects.equals(a.getObjectProp("scale"), b.getObjectProp("scale"));
    };
  }

  private static @Nullable String logicalType(Schema schema) {
    return schema.getProp("logicalType");
  }

  private static boolean reads(Schema reader, Schema writer) {
    return SchemaCompatibility.checkReaderWriterCompatibility(reader, writer).getType()
        == SchemaCompatibilityType.COMPATIBLE;
  }

  private static Map<String, Schema> named(Schema schema) {
    Map<String, Schema> types = new LinkedHashMap<>();
    collect(schema, types);
    return types;
  }

  private static void collect(Schema schema, Map<String, Schema> types) {
    switch (schema.getType()) {
      case RECORD -> {
        if (types.putIfAbsent(schema.getFullName(), schema) == null) {
          schema.getFields().forEach(field -> collect(field.schema(), types));
        }
      }
      case ENUM, FIXED -> types.putIfAbsent(schema.getFullName(), schema);
      case UNION -> schema.getTypes().forEach(branch -> collect(branch, types));
      case ARRAY -> collect(schema.getElementType(), types);
      case MAP -> collect(schema.getValueType(), types);
      case STRING, BYTES, INT, LONG, FLOAT, DOUBLE, BOOLEAN, NULL -> {
        // no name
      }
    }
  }
}
