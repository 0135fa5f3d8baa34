package io.longspan.cli;

import io.longspan.attention.Capabilities;
import io.longspan.attention.Feature;
import io.longspan.attention.Guarantee;
import io.longspan.attention.registry.AttentionRegistry;
import io.longspan.attention.registry.FoundProvider;
import io.longspan.cli.term.Table;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/** What each backend declares, as a table; the one in the README is made by {@link #markdown}. */
final class CapabilityTable {
    private CapabilityTable() {}

    static String text(AttentionRegistry registry) {
        List<List<String>> rows = rows(registry);
        Table table = new Table(rows.getFirst().toArray(String[]::new));
        rows.stream().skip(1).forEach(row -> table.row(row.toArray(String[]::new)));
        return table.toString();
    }

    static String markdown(AttentionRegistry registry) {
        List<List<String>> rows = rows(registry);
        String rule = "|" + "---|".repeat(rows.getFirst().size());
        List<String> lines =
                new ArrayList<>(
                        rows.stream().map(row -> "| " + String.join(" | ", row) + " |").toList());
        lines.add(1, rule);
        return String.join("\n", lines);
    }

    private static List<List<String>> rows(AttentionRegistry registry) {
        List<List<String>> rows = new ArrayList<>();
        rows.add(row("declares", registry, found -> found.provider().name()));
        for (Feature feature : Feature.values()) {
            rows.add(mark(feature.words(), registry, can -> can.features().contains(feature)));
        }
        for (Guarantee guarantee : Guarantee.values()) {
            rows.add(
                    mark(guarantee.words(), registry, can -> can.guarantees().contains(guarantee)));
        }
        rows.add(
                row("devices", registry, found -> list(found.provider().capabilities().devices())));
        rows.add(row("types", registry, found -> list(found.provider().capabilities().types())));
        return rows;
    }

    private static List<String> mark(
            String what, AttentionRegistry registry, Predicate<Capabilities> holds) {
        return row(
                what,
                registry,
                found -> holds.test(found.provider().capabilities()) ? "yes" : "no");
    }

    private static List<String> row(
            String what, AttentionRegistry registry, Function<FoundProvider, String> cell) {
        List<String> row = new ArrayList<>(List.of(what));
        registry.providers().forEach(found -> row.add(cell.apply(found)));
        return row;
    }

    private static String list(Iterable<?> items) {
        List<String> words = new ArrayList<>();
        items.forEach(item -> words.add(item.toString()));
        return words.stream().collect(Collectors.joining(", "));
    }
}
