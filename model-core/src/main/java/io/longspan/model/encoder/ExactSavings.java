package io.longspan.model.encoder;

import io.longspan.model.ModelInputException;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * Work that an encoder leaves out because the answer is the same without it. Each is on unless
 * switched off, which is for comparing, not for use. Immutable.
 *
 * @param foldedGlobals rows of few global tokens fold the global key and value projections away
 *     instead of applying them to the whole sequence
 * @param neededRows the last layer computes only the rows that are asked for
 * @param densePath attention of sequences that their windows cover is one dense product, for
 *     backends that it is faster than
 */
public record ExactSavings(boolean foldedGlobals, boolean neededRows, boolean densePath) {
    private static final String FOLDED_GLOBALS = "folded-globals";
    private static final String NEEDED_ROWS = "needed-rows";
    private static final String DENSE_PATH = "dense-path";
    private static final List<String> NAMES = List.of(FOLDED_GLOBALS, NEEDED_ROWS, DENSE_PATH);

    /** Everything on: what a model runs with. */
    public static ExactSavings all() {
        return new ExactSavings(true, true, true);
    }

    /** Everything off. */
    public static ExactSavings none() {
        return new ExactSavings(false, false, false);
    }

    /**
     * Reads {@code all}, {@code none}, or the names of the savings that are to stay on, separated
     * by commas: {@code folded-globals}, {@code needed-rows}, {@code dense-path}.
     *
     * @throws ModelInputException when a name is none of these
     */
    public static ExactSavings of(String text) {
        if (text.strip().equals("all")) {
            return all();
        }
        if (text.strip().equals("none")) {
            return none();
        }
        Set<String> on = new LinkedHashSet<>();
        Arrays.stream(text.split(",", -1)).map(String::strip).forEach(on::add);
        for (String name : on) {
            if (!NAMES.contains(name)) {
                throw new ModelInputException(
                        "savings are '"
                                + text
                                + "' and '"
                                + name
                                + "' is none; write all, none, or the ones to keep of "
                                + String.join(", ", NAMES)
                                + ", separated by commas");
            }
        }
        return new ExactSavings(
                on.contains(FOLDED_GLOBALS), on.contains(NEEDED_ROWS), on.contains(DENSE_PATH));
    }

    /** What {@link #of} reads as this. */
    @Override
    public String toString() {
        Set<String> on = new TreeSet<>();
        if (foldedGlobals) {
            on.add(FOLDED_GLOBALS);
        }
        if (neededRows) {
            on.add(NEEDED_ROWS);
        }
        if (densePath) {
            on.add(DENSE_PATH);
        }
        return on.isEmpty() ? "none" : on.size() == NAMES.size() ? "all" : String.join(",", on);
    }
}
