package io.longspan.cli.term;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** Columns of text, aligned by spaces: first column left, columns of numbers right. */
public final class Table {
    private final List<List<String>> rows = new ArrayList<>();

    public Table(String... header) {
        rows.add(List.of(header));
    }

    public Table row(String... cells) {
        if (cells.length != rows.getFirst().size()) {
            throw new IllegalArgumentException(
                    "row of "
                            + cells.length
                            + " cells in a table of "
                            + rows.getFirst().size()
                            + " columns");
        }
        rows.add(List.of(cells));
        return this;
    }

    @Override
    public String toString() {
        int columns = rows.getFirst().size();
        int[] widths = new int[columns];
        boolean[] numbers = new boolean[columns];
        for (int c = 0; c < columns; c++) {
            int column = c;
            widths[c] = rows.stream().mapToInt(row -> row.get(column).length()).max().orElse(0);
            numbers[c] =
                    rows.stream()
                            .skip(1)
                            .allMatch(
                                    row -> row.get(column).matches("[-+0-9.,e×x%]*( [a-zA-Z]+)?"));
        }
        return rows.stream()
                .map(row -> {
                    StringBuilder line = new StringBuilder();
                    for (int c = 0; c < columns; c++) {
                        String gap = " ".repeat(widths[c] - row.get(c).length());
                        line.append(numbers[c] ? gap + row.get(c) : row.get(c) + gap).append("  ");
                    }
                    return line.toString().stripTrailing();
                })
                .collect(Collectors.joining(System.lineSeparator()));
    }
}
