package io.longspan.serving.service;

import io.longspan.model.tokenizer.CodePointIndex;

/** Parts of one text by offsets in code points. */
final class TextSlices {
    private final String text;
    private final CodePointIndex index;

    TextSlices(String text) {
        this.text = text;
        index = CodePointIndex.of(text);
    }

    /** The part from a code point up to another. */
    String of(int start, int end) {
        return text.substring(index.position(start), index.position(end));
    }
}
