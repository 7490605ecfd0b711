package dev.slipway.standalone;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/// Rows for people: columns as wide as their widest cell, two spaces between them. No cell can end
/// its line.
final class Table {
  private final List<List<String>> rows = new ArrayList<>();

  Table row(String... cells) {
    rows.add(Stream.of(cells).map(HarmlessWriter::escaped).toList());
    return this;
  }

  @Override
  public String toString() {
    int columns = rows.stream().mapToInt(List::size).max().orElse(0);
    int[] widths =
        IntStream.range(0, columns)
            .map(column -> rows.stream().mapToInt(row -> width(row, column)).max().orElse(0))
            .toArray();
    return rows.stream().map(row -> line(row, widths)).collect(Collectors.joining());
  }

  private static int width(List<String> row, int column) {
    return column < row.size() ? row.get(column).length() : 0;
  }

  private static String line(List<String> row, int[] widths) {
    StringBuilder line = new StringBuilder();
    for (int column = 0; column < row.size(); column++) {
      String cell = row.get(column);
      line.append(cell).repeat(" ", widths[column] - cell.length() + 2);
    }
    return line.toString().stripTrailing() + System.lineSeparator();
  }
}
