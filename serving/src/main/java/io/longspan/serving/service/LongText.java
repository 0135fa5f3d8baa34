package io.longspan.serving.service;

import io.longspan.api.v1.Windows;
import io.longspan.model.session.InferenceSession;
import io.longspan.model.session.StrideWindows;
import io.longspan.model.session.TextWindow;
import io.longspan.model.tokenizer.Encoding;
import io.longspan.model.tokenizer.RobertaTokenizer;
import java.util.List;
import java.util.Optional;

/**
 * What a request wants done with a text that is longer than the model.
 *
 * @param tokenizer of the model
 * @param truncate whether it loses its end
 * @param windows how it is read in windows, if it is
 */
record LongText(RobertaTokenizer tokenizer, boolean truncate, Optional<Windows> windows) {
    /** Either truncated or refused. */
    static LongText truncated(RobertaTokenizer tokenizer, boolean truncate) {
        return new LongText(tokenizer, truncate, Optional.empty());
    }

    /**
     * The tokens of a text.
     *
     * @throws io.grpc.StatusRuntimeException INVALID_ARGUMENT when the request contradicts itself,
     *     or the windows are too many
     */
    Asked tokenize(InferenceSession session, String text) {
        if (truncate && windows.isPresent()) {
            throw Refused.because(
                    "truncate is set and so is windows; a long text is either cut off or read in windows, so leave out one of the two");
        }
        if (text.isEmpty() || (!truncate && windows.isEmpty())) {
            return Asked.of(List.of(session.tokenize(text)));
        }
        int longest = session.longest();
        int asked = windows.map(Windows::getStride).orElse(0);
        int stride = asked == 0 ? StrideWindows.usualStride(longest) : asked;
        StrideWindows cut = new StrideWindows(tokenizer, longest, stride);
        Encoding whole = tokenizer.encode(text);
        if (truncate) {
            TextWindow first = cut.first(whole);
            return Asked.truncated(first.text(), whole.size() - first.text().tokens());
        }
        checkTokens(whole.size(), longest, stride);
        return Asked.inWindows(cut.of(whole));
    }

    /**
     * Counts the tokens of all windows before any is made: every one is as long as may be but the
     * last.
     *
     * @throws io.grpc.StatusRuntimeException INVALID_ARGUMENT when they are too many
     */
    static void checkTokens(int whole, int longest, int stride) {
        long others = Math.ceilDiv(Math.max(0, whole - longest), stride);
        long tokens = others * longest + whole - others * stride;
        if (tokens > Asked.MOST_TOKENS) {
            throw Refused.because(
                    "the windows of the text have "
                            + tokens
                            + " tokens together; they may have "
                            + Asked.MOST_TOKENS
                            + ", so choose a larger stride or split the text");
        }
    }
}
