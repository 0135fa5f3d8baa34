package io.longspan.model.session;

import io.longspan.model.tokenizer.Encoding;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/** Finds the answers in the scores of one document's tokens. */
final class SpanDecoder {
    private record Span(int first, int last, double score) {}

    /** Of equal ones the earlier and then the shorter. */
    private static final Comparator<Span> BEST =
            Comparator.comparingDouble(Span::score)
                    .reversed()
                    .thenComparingInt(Span::first)
                    .thenComparingInt(Span::last);

    private SpanDecoder() {}

    /**
     * Decodes.
     *
     * @param document tokens of the document, ascending
     * @param scores of being first and of being last of the n-th token of the document at 2 (n +
     *     from) and the place after it
     * @param from tokens that come before the document in {@code scores}
     * @return best first; fewer than wanted when there are no more
     */
    static List<Answer> of(
            Encoding encoding, int[] document, float[] scores, int from, AnswerSearch search) {
        List<Span> spans = new ArrayList<>();
        int[] lasts = best(document.length, scores, 2 * from + 1, search.candidates());
        for (int first : best(document.length, scores, 2 * from, search.candidates())) {
            for (int last : lasts) {
                if (last >= first && last - first < search.longest()) {
                    double sum =
                            (double) scores[2 * (from + first)] + scores[2 * (from + last) + 1];
                    spans.add(new Span(first, last, sum));
                }
            }
        }
        return spans.stream()
                .sorted(BEST)
                .limit(search.answers())
                .map(span ->
                        new Answer(
                                encoding.start(document[span.first()]),
                                encoding.end(document[span.last()]),
                                (float) span.score()))
                .toList();
    }

    private static int[] best(int tokens, float[] scores, int at, int count) {
        return IntStream.range(0, tokens)
                .boxed()
                .sorted(Comparator.comparingDouble(n -> -scores[at + 2 * n]))
                .limit(count)
                .mapToInt(Integer::intValue)
                .toArray();
    }
}
