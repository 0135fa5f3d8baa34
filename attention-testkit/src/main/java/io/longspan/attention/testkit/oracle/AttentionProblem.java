package io.longspan.attention.testkit.oracle;

import io.longspan.attention.AttentionDropout;
import io.longspan.attention.AttentionPattern;
import io.longspan.attention.QueryRows;
import io.longspan.attention.SequenceLayout;
import org.jspecify.annotations.Nullable;

/**
 * One attention call for the oracle: what is asked, and the numbers. Arrays are row-major and are
 * read in place, never copied or written.
 */
public final class AttentionProblem {
    private final SequenceLayout layout;
    private final AttentionPattern pattern;
    private final int headSize;
    private final QueryRows rows;
    private final @Nullable AttentionDropout dropout;
    private final float[] query;
    private final float[] key;
    private final float[] value;
    private final float @Nullable [] bias;
    private final int biasColumns;

    /**
     * Checks the sizes.
     *
     * @param headSize D
     * @param query [R, H, D]
     * @param key [T, H, D]
     * @param value [T, H, D]
     * @param bias [H, columns], exactly when the pattern declares one
     * @throws IllegalArgumentException naming the array whose size does not fit
     */
    public AttentionProblem(
            SequenceLayout layout,
            AttentionPattern pattern,
            int headSize,
            QueryRows rows,
            @Nullable AttentionDropout dropout,
            float[] query,
            float[] key,
            float[] value,
            float @Nullable [] bias) {
        int width = pattern.heads() * headSize;
        check("query", query.length, rows.count(layout) * width);
        check("key", key.length, layout.tokens() * width);
        check("value", value.length, layout.tokens() * width);
        int columns = pattern.offsetBias() ? pattern.heads() * pattern.biasColumns() : 0;
        check("offset bias", bias == null ? 0 : bias.length, columns);
        this.layout = layout;
        this.pattern = pattern;
        this.headSize = headSize;
        this.rows = rows;
        this.dropout = dropout;
        this.query = query;
        this.key = key;
        this.value = value;
        this.bias = bias;
        biasColumns = pattern.biasColumns();
    }

    SequenceLayout layout() {
        return layout;
    }

    AttentionPattern pattern() {
        return pattern;
    }

    int headSize() {
        return headSize;
    }

    QueryRows rows() {
        return rows;
    }

    @Nullable AttentionDropout dropout() {
        return dropout;
    }

    int heads() {
        return pattern.heads();
    }

    /** Where the vector of (index, head) begins in query, key, value and output. */
    int at(int index, int head) {
        return (index * pattern.heads() + head) * headSize;
    }

    double query(int at) {
        return query[at];
    }

    double key(int at) {
        return key[at];
    }

    double value(int at) {
        return value[at];
    }

    /** Where the bias of (head, column) is. */
    int biasAt(int head, int column) {
        return head * biasColumns + column;
    }

    /** The bias of a column of a head; 0 where the pattern has none. */
    double bias(int head, int column) {
        return bias == null ? 0 : bias[biasAt(head, column)];
    }

    private static void check(String what, int length, int expected) {
        if (length != expected) {
            throw new IllegalArgumentException(
                    what + " has " + length + " elements; the problem needs " + expected);
        }
    }
}
