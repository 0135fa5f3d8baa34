package io.longspan.ingest.rule;

import io.longspan.corpus.CorpusException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** Sets of quality rules, each from a paper. */
public enum QualityRule {
    /** Nothing. */
    NONE,
    /** Rae et al. 2021 (Gopher), appendix A.1, for web pages: at most 100,000 words. */
    GOPHER,
    /** The same without the upper limit of words, which would drop long novels. */
    GOPHER_BOOKS,
    /** Rae et al. 2021, appendix A.1: repetition. */
    REPETITION,
    /** Raffel et al. 2020 (C4), section 2.2; drops lines, and documents of which little is left. */
    C4;

    String label() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /**
     * The sets of a list with commas.
     *
     * @throws CorpusException naming those that there are
     */
    static List<QualityRule> named(String list) {
        List<QualityRule> found = new ArrayList<>();
        for (String name : list.split(",", -1)) {
            found.add(
                    Arrays.stream(values())
                            .filter(one -> one.label().equals(name.strip()))
                            .findFirst()
                            .orElseThrow(() ->
                                    new CorpusException(
                                            "'quality' has '"
                                                    + name.strip()
                                                    + "'; name some of "
                                                    + Arrays.stream(values())
                                                            .map(QualityRule::label)
                                                            .toList())));
        }
        return found;
    }
}
