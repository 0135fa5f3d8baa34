package io.longspan.serving.service;

import io.longspan.api.v1.WindowPooling;
import io.longspan.api.v1.Windows;
import io.longspan.model.session.TextWindow;
import io.longspan.model.session.TokenizedText;
import io.longspan.model.tokenizer.Encoding;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/** A document that may not fit behind its question. */
final class LongDocument {
    private LongDocument() {}

    /**
     * The pair, or the question before each window of the document.
     *
     * @param pair question and document, both with tokens of their own
     * @param longest tokens that the model reads
     * @throws io.grpc.StatusRuntimeException INVALID_ARGUMENT when the windows cannot be cut as
     *     asked, or are too many
     */
    static Asked of(Encoding pair, Windows asked, int longest) {
        if (asked.getPooling() != WindowPooling.WINDOW_POOLING_UNSPECIFIED) {
            throw Refused.because(
                    "the pooling of windows is "
                            + asked.getPoolingValue()
                            + "; the best answers of all windows are taken, so leave it out");
        }
        if (pair.size() <= longest) {
            return Asked.of(List.of(new TokenizedText(pair, List.of())));
        }
        int own = (int) IntStream.range(0, pair.size()).filter(t -> pair.sequence(t) == 1).count();
        int room = longest - (pair.size() - own);
        if (room < 1) {
            throw Refused.because(
                    "the question leaves no room for the document: it has "
                            + (pair.size() - own)
                            + " tokens with what frames it, and this model reads "
                            + longest
                            + "; shorten it");
        }
        int stride = asked.getStride() == 0 ? Math.max(1, room * 3 / 4) : asked.getStride();
        if (stride < 1 || stride > room) {
            throw Refused.because(
                    "the stride is "
                            + stride
                            + " tokens; it must be from 1 to "
                            + room
                            + ", the tokens of a document that fit behind this question");
        }
        LongText.checkTokens(pair.size(), longest, stride);
        List<TextWindow> windows = new ArrayList<>();
        int seen = 0;
        for (int from = 0; seen < own; from += stride) {
            int to = Math.min(own, from + room);
            windows.add(
                    new TextWindow(
                            new TokenizedText(pair.withSecondPart(from, to), List.of()),
                            to - seen));
            seen = to;
        }
        return Asked.inWindows(windows);
    }
}
