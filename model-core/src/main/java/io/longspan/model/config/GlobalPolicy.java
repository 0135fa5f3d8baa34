package io.longspan.model.config;

import io.longspan.model.ModelInputException;
import io.longspan.model.Quoted;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Which tokens of a sequence are global: seen by all, and seeing all (paper, section 3.1). A rule
 * by name, or places counted from the sequence's first token. Masked tokens are never global.
 */
public sealed interface GlobalPolicy permits GlobalPolicy.Named, GlobalPolicy.Positions {
    /** The rules with a name. */
    enum Named implements GlobalPolicy {
        /** No token; what Longformer was pretrained with. */
        NONE("none"),
        /** The first token, {@code <s>}: for a state that stands for the whole text. */
        FIRST_TOKEN("first-token"),
        /** All tokens before the first separator: {@code <s>} and a question. */
        BEFORE_FIRST_SEPARATOR("before-first-separator"),
        /** All tokens after the separators between two segments, the last one included. */
        SECOND_SEGMENT("second-segment");

        private final String key;

        Named(String key) {
            this.key = key;
        }

        @Override
        public String key() {
            return key;
        }
    }

    /**
     * The tokens at fixed places; places past the end of a sequence are left out there.
     *
     * @param places indices in the sequence, ascending
     */
    record Positions(List<Integer> places) implements GlobalPolicy {
        /**
         * Copies the list.
         *
         * @throws ModelInputException when it is empty, negative or not ascending
         */
        public Positions {
            places = List.copyOf(places);
            int last = -1;
            for (int place : places) {
                if (place <= last) {
                    throw new ModelInputException(
                            "the places of global tokens are "
                                    + Quoted.plain(places.toString())
                                    + "; they must be from 0 upward and ascending");
                }
                last = place;
            }
            if (last < 0) {
                throw new ModelInputException(
                        "the list of global tokens is empty; write none for no global token");
            }
        }

        @Override
        public String key() {
            return places.stream().map(String::valueOf).collect(Collectors.joining(","));
        }
    }

    /** The text that {@link #parse} reads: a rule's name, or places with commas between them. */
    String key();

    /**
     * Reads a rule's name or places such as {@code 0,17,40}.
     *
     * @throws ModelInputException when the text is neither; the message lists the names
     */
    static GlobalPolicy parse(String text) {
        for (Named named : Named.values()) {
            if (named.key.equals(text)) {
                return named;
            }
        }
        if (text.matches("[0-9]{1,9}(,[0-9]{1,9})*")) {
            return new Positions(Arrays.stream(text.split(",")).map(Integer::valueOf).toList());
        }
        throw new ModelInputException(
                "the rule for global tokens is "
                        + Quoted.of(text)
                        + "; it must be one of "
                        + Arrays.stream(Named.values())
                                .map(Named::key)
                                .collect(Collectors.joining(", "))
                        + ", or places such as 0,17,40");
    }
}
