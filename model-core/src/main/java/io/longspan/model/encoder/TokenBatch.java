package io.longspan.model.encoder;

import io.longspan.attention.SequenceLayout;
import io.longspan.model.ModelInputException;
import io.longspan.model.config.LongformerConfig;

/** A packed batch of token ids, checked against a configuration. Immutable. */
public final class TokenBatch {
    private final long[] ids;
    private final long[] positions;
    private final long[] types;
    private final SequenceLayout layout;

    private TokenBatch(long[] ids, long[] positions, long[] types, SequenceLayout layout) {
        this.ids = ids;
        this.positions = positions;
        this.types = types;
        this.layout = layout;
    }

    /**
     * A batch whose positions follow from its ids, as RoBERTa counts them: the n-th token of a
     * sequence that is not a pad gets pad id + n, and a pad gets the pad id, whatever the token's
     * role. In a BERT every token gets its index.
     *
     * @param ids [T]
     * @throws ModelInputException when an id is outside the vocabulary or a sequence outruns the
     *     position table
     */
    public static TokenBatch of(LongformerConfig config, long[] ids, SequenceLayout layout) {
        return counted(config, ids, new long[ids.length], layout);
    }

    /**
     * The same with token types given by the caller.
     *
     * @param ids [T]
     * @param types [T] rows of the token type table
     * @throws ModelInputException when a number is outside its table
     */
    public static TokenBatch counted(
            LongformerConfig config, long[] ids, long[] types, SequenceLayout layout) {
        long[] positions = PositionIds.of(config, ids, layout); // [T]
        return of(config, ids, positions, types, layout);
    }

    /**
     * A batch with positions and token types given by the caller, used as they are.
     *
     * @param ids [T]
     * @param positions [T] rows of the position table
     * @param types [T] rows of the token type table
     * @throws ModelInputException when a number is outside its table
     */
    public static TokenBatch of(
            LongformerConfig config,
            long[] ids,
            long[] positions,
            long[] types,
            SequenceLayout layout) {
        if (ids.length != layout.tokens()) {
            throw new ModelInputException(
                    "there are "
                            + ids.length
                            + " ids for a layout of "
                            + layout.tokens()
                            + " tokens; pass one id per token");
        }
        for (int t = 0; t < ids.length; t++) {
            if (ids[t] < 0 || ids[t] >= config.vocabSize()) {
                throw new ModelInputException(
                        "token id "
                                + ids[t]
                                + " at "
                                + where(layout, t)
                                + " is outside the vocabulary; ids go from 0 to "
                                + (config.vocabSize() - 1)
                                + ": use the tokenizer of this checkpoint");
            }
            if (positions[t] < 0 || positions[t] >= config.maxPositionEmbeddings()) {
                throw new ModelInputException(
                        "position "
                                + positions[t]
                                + " at "
                                + where(layout, t)
                                + " of "
                                + layout.length(layout.sequenceOf(t))
                                + " tokens is beyond the position table; this checkpoint reads up to "
                                + config.usablePositions()
                                + " tokens: shorten the text, or convert the checkpoint with more --positions");
            }
            if (types[t] < 0 || types[t] >= config.typeVocabSize()) {
                throw new ModelInputException(
                        "token type "
                                + types[t]
                                + " at "
                                + where(layout, t)
                                + " is outside the table; types go from 0 to "
                                + (config.typeVocabSize() - 1));
            }
        }
        return new TokenBatch(ids.clone(), positions.clone(), types.clone(), layout);
    }

    /** Token ids, [T], a copy. */
    public long[] ids() {
        return ids.clone();
    }

    /** Rows of the position table, [T], a copy. */
    public long[] positions() {
        return positions.clone();
    }

    /** Rows of the token type table, [T], a copy. */
    public long[] types() {
        return types.clone();
    }

    /** Where sequences begin and what each token is. */
    public SequenceLayout layout() {
        return layout;
    }

    private static String where(SequenceLayout layout, int token) {
        int sequence = layout.sequenceOf(token);
        return "token " + (token - layout.start(sequence)) + " of sequence " + sequence;
    }
}
