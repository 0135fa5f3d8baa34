package io.longspan.model.config;

/**
 * Ids of the tokens with a fixed meaning.
 *
 * @param pad fills a batch; position ids begin one above it
 * @param bos begins a sequence
 * @param eos ends a sequence
 * @param sep stands between the two sequences of a pair
 */
public record SpecialIds(int pad, int bos, int eos, int sep) {
    /** The ids of RoBERTa's vocabulary. */
    public static final SpecialIds ROBERTA = new SpecialIds(1, 0, 2, 2);

    /** The ids of BERT's vocabularies: [PAD], [CLS], [SEP]. */
    public static final SpecialIds BERT = new SpecialIds(0, 101, 102, 102);
}
