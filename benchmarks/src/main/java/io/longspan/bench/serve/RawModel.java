package io.longspan.bench.serve;

import io.longspan.model.session.InferenceSession;
import io.longspan.model.session.Pooling;
import io.longspan.model.session.TokenizedText;
import java.util.ArrayList;
import java.util.List;

/** A model without a server: batches as full as the server would make them, one after the other. */
public final class RawModel {
    private RawModel() {}

    /**
     * Tokens per second of texts with the load's lengths.
     *
     * @param session borrowed
     * @param batchTokens of a batch at most; a longer text runs alone
     * @param batchRequests of a batch at most
     * @param seconds to run, about
     */
    public static double tokensPerSecond(
            InferenceSession session,
            int batchTokens,
            int batchRequests,
            double seconds,
            long seed) {
        TextLengths lengths = new TextLengths(seed, ServeBench.most(session.longest()));
        run(session, lengths, batchTokens, batchRequests, seconds / 4);
        return run(session, lengths, batchTokens, batchRequests, seconds);
    }

    private static double run(
            InferenceSession session,
            TextLengths lengths,
            int batchTokens,
            int batchRequests,
            double seconds) {
        long tokens = 0;
        long inside = 0;
        List<TokenizedText> batch = new ArrayList<>();
        int size = 0;
        while (inside < seconds * 1e9) {
            TokenizedText text = session.tokenize(TextLengths.text(lengths.next()));
            if (!batch.isEmpty()
                    && (size + text.tokens() > batchTokens || batch.size() == batchRequests)) {
                long begin = System.nanoTime();
                session.embed(batch, Pooling.MEAN, false);
                inside += System.nanoTime() - begin;
                tokens += size;
                batch.clear();
                size = 0;
            }
            batch.add(text);
            size += text.tokens();
        }
        return tokens / (inside / 1e9);
    }
}
