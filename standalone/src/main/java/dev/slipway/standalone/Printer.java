package dev.slipway.standalone;

import java.io.PrintWriter;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import picocli.CommandLine;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Prints what commands found: a table for people, JSON for programs.
record Printer(PrintWriter out, boolean json) {
  static Printer of(CommandLine command, GlobalOptions options) {
    return new Printer(command.getOut(), options.json);
  }

  /// A list.
  void list(List<JsonNode> items, Function<List<JsonNode>, Table> table) {
    print(Map.of("items", items), table.apply(items));
  }

  /// One resource, each of its fields on a line.
  void resource(JsonNode resource) {
    Table table = new Table();
    resource.propertyStream().forEach(field -> table.row(field.getKey(), text(field.getValue())));
    print(resource, table);
  }

  /// A result.
  void print(Object forPrograms, Table forPeople) {
    if (json) {
      out.println(JsonMapper.shared().writeValueAsString(forPrograms));
    } else {
      out.print(forPeople);
    }
    out.flush();
  }

  /// A value as a cell.
  static String text(JsonNode value) {
    if (value.isNull() || value.isMissingNode()) {
      return "-";
    }
    return value.isValueNode() ? value.asString() : value.toString();
  }
}
