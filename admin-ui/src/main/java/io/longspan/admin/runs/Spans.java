package io.longspan.admin.runs;

import io.longspan.admin.backends.Pattern;
import io.longspan.admin.page.Refused;
import io.longspan.store.Store;
import io.longspan.store.run.RunRow;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;

/**
 * How far each layer and head of a run's model sees, from the configuration of its newest
 * checkpoint, or else of the model that it began with.
 *
 * @param folder whose configuration was read
 * @param rows the lowest layer first
 * @param problem why there is nothing to show, or nothing
 */
public record Spans(String folder, List<Row> rows, String problem) {
    private static final String CONFIG = "config.json";
    private static final int LARGEST = 1 << 20;

    /** Copies the list. */
    public Spans {
        rows = List.copyOf(rows);
    }

    /**
     * A layer.
     *
     * @param layer from 0
     * @param cells its heads; neighbours that see the same share one
     * @param field the receptive field up to here
     */
    public record Row(int layer, List<Cell> cells, Pattern.Field field) {
        /** Copies the list. */
        public Row {
            cells = List.copyOf(cells);
        }
    }

    /**
     * Neighbouring heads that see the same.
     *
     * @param first of them, from 0
     * @param last of them
     * @param seen what each sees, in steps of its dilation
     */
    public record Cell(int first, int last, Pattern.Head seen) {
        /** How many. */
        public int heads() {
            return last - first + 1;
        }

        /** Tokens to the left. */
        public long left() {
            return (long) seen.left() * seen.dilation();
        }

        /** Tokens to the right. */
        public long right() {
            return (long) seen.right() * seen.dilation();
        }
    }

    static Spans of(Store store, RunRow run, ObjectMapper mapper) {
        JsonNode model = mapper.readTree(run.config()).path("model");
        List<String> folders =
                Stream.concat(
                                store.runs().checkpoints(run.id()).stream().map(c -> c.folder()),
                                Stream.of(model.asString("")))
                        .filter(folder -> !folder.isEmpty())
                        .toList();
        for (String folder : folders) {
            try {
                Path file = Path.of(folder, CONFIG);
                if (Files.isRegularFile(file) && Files.size(file) <= LARGEST) {
                    return of(folder, Pattern.parse(Files.readString(file), mapper));
                }
            } catch (IOException | InvalidPathException | Refused e) {
                return new Spans(folder, List.of(), String.valueOf(e.getMessage()));
            }
        }
        return new Spans(
                "",
                List.of(),
                "Neither a checkpoint of this run nor the model that it began with lies on the console's machine.");
    }

    private static Spans of(String folder, Pattern pattern) {
        List<Row> rows = new ArrayList<>();
        List<Pattern.Field> fields = pattern.fields();
        for (int layer = 0; layer < pattern.layers().size(); layer++) {
            rows.add(new Row(layer, cells(pattern.layers().get(layer)), fields.get(layer)));
        }
        return new Spans(folder, rows, "");
    }

    private static List<Cell> cells(List<Pattern.Head> heads) {
        List<Cell> cells = new ArrayList<>();
        for (int head = 0; head < heads.size(); head++) {
            Pattern.Head seen = heads.get(head);
            if (!cells.isEmpty() && cells.getLast().seen().equals(seen)) {
                cells.set(cells.size() - 1, new Cell(cells.getLast().first(), head, seen));
            } else {
                cells.add(new Cell(head, head, seen));
            }
        }
        return cells;
    }
}
