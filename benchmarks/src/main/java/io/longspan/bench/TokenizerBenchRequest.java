package io.longspan.bench;

import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What is tokenised.
 *
 * @param tokenizer folder of the tokenizer
 * @param texts files in UTF-8; each is one text, as it stands there
 * @param threads of the second figure
 * @param runs timed ones of each contender
 * @param python interpreter that has tokenizers; null leaves the peer out
 */
public record TokenizerBenchRequest(
        Path tokenizer, List<Path> texts, int threads, int runs, @Nullable Path python) {
    /** Copies the list. */
    public TokenizerBenchRequest {
        texts = List.copyOf(texts);
        if (texts.isEmpty()) {
            throw new IllegalArgumentException("there is no text to tokenise; name a .txt file");
        }
        if (threads < 1 || threads > 256) {
            throw new IllegalArgumentException(
                    "threads is " + threads + "; it must be from 1 to 256");
        }
        if (runs < 1 || runs > 1000) {
            throw new IllegalArgumentException("runs is " + runs + "; it must be from 1 to 1000");
        }
    }
}
