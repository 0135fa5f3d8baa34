package io.longspan.model.infer;

import io.longspan.attention.SequenceLayout;
import io.longspan.attention.TokenRole;
import io.longspan.model.ModelInputException;
import io.longspan.model.checkpoint.StoredTensor;
import io.longspan.model.checkpoint.TensorSource;
import io.longspan.model.config.LongformerConfig;
import io.longspan.model.encoder.TokenBatch;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;

/**
 * A batch as Hugging Face has it: tensors of shape [batch, length], pads included.
 *
 * <p>Read from {@code input_ids} and, each optional, {@code attention_mask} (0 masked, 1 seen, and
 * 2 global as the original implementation has it), {@code global_attention_mask} (1 global; masked
 * wins), {@code token_type_ids}, {@code position_ids} and {@code labels}.
 *
 * <p>Immutable.
 */
public final class BatchTensors {
    /** What a label is where there is none. */
    public static final long NO_LABEL = -100;

    private static final String IDS = "input_ids";
    private static final String MASK = "attention_mask";
    private static final String GLOBAL = "global_attention_mask";
    private static final String TYPES = "token_type_ids";
    private static final String POSITIONS = "position_ids";
    private static final String LABELS = "labels";
    private static final Set<String> KNOWN =
            new TreeSet<>(Set.of(IDS, MASK, GLOBAL, TYPES, POSITIONS, LABELS));

    private final int rows;
    private final int length;
    private final TokenBatch tokens;
    private final long @Nullable [] labels;

    private BatchTensors(int rows, int length, TokenBatch tokens, long @Nullable [] labels) {
        this.rows = rows;
        this.length = length;
        this.tokens = tokens;
        this.labels = labels;
    }

    /**
     * Reads and checks a batch.
     *
     * @throws ModelInputException naming the tensor, what it holds and what was expected
     */
    public static BatchTensors read(TensorSource source, LongformerConfig config) {
        for (String name : source.names()) {
            if (!KNOWN.contains(name)) {
                throw new ModelInputException(
                        "'"
                                + source.path()
                                + "' holds a tensor '"
                                + name
                                + "'; known are "
                                + KNOWN
                                + ": rename or remove it");
            }
        }
        List<Long> shape = source.info(IDS).shape();
        if (shape.size() != 2
                || shape.contains(0L)
                || shape.get(0) * shape.get(1) > Integer.MAX_VALUE / 8) {
            throw new ModelInputException(
                    "tensor '"
                            + IDS
                            + "' has shape "
                            + shape
                            + "; it must be [batch, length] with at least one token and at most 2^28");
        }
        int rows = shape.get(0).intValue();
        int length = shape.get(1).intValue();
        long[] ids = source.get(IDS).toLongs();
        SequenceLayout layout = layout(rows, length, roles(source, shape, config));
        long[] types = optional(source, TYPES, shape);
        long[] positions = optional(source, POSITIONS, shape);
        TokenBatch tokens =
                positions == null
                        ? TokenBatch.counted(
                                config, ids, types == null ? new long[ids.length] : types, layout)
                        : TokenBatch.of(
                                config,
                                ids,
                                positions,
                                types == null ? new long[ids.length] : types,
                                layout);
        return new BatchTensors(rows, length, tokens, labels(source, shape, config));
    }

    /** Number of sequences. */
    public int rows() {
        return rows;
    }

    /** Tokens of each sequence, pads included. */
    public int length() {
        return length;
    }

    /** The packed batch, pads as MASKED tokens wherever the mask says so. */
    public TokenBatch tokens() {
        return tokens;
    }

    /** Whether there are labels, be they all {@link #NO_LABEL}. */
    public boolean hasLabels() {
        return labels != null;
    }

    /** The packed indices of tokens with a label, ascending; none without labels. */
    public long[] labelled() {
        long[] given = labels == null ? new long[0] : labels;
        return LongStream.range(0, given.length).filter(t -> given[(int) t] != NO_LABEL).toArray();
    }

    /** The labels of the given tokens, each of which has one. */
    public long[] labels(long[] tokensWithLabel) {
        long[] given = Objects.requireNonNull(labels, "the batch has no labels");
        return LongStream.of(tokensWithLabel).map(t -> given[(int) t]).toArray();
    }

    private static SequenceLayout layout(int rows, int length, byte[] roles) {
        int[] starts = new int[rows + 1];
        Arrays.setAll(starts, b -> b * length);
        return SequenceLayout.of(starts, roles);
    }

    private static byte[] roles(TensorSource source, List<Long> shape, LongformerConfig config) {
        long[] seen = optional(source, MASK, shape);
        long[] global = optional(source, GLOBAL, shape);
        byte[] roles = new byte[(int) (shape.get(0) * shape.get(1))];
        for (int t = 0; t < roles.length; t++) {
            long state = seen == null ? 1 : within(MASK, seen[t], global == null ? 2 : 1);
            long wide = global == null ? 0 : within(GLOBAL, global[t], 1);
            TokenRole role =
                    state == 0
                            ? TokenRole.MASKED
                            : state + wide > 1 ? TokenRole.GLOBAL : TokenRole.LOCAL;
            if (role == TokenRole.GLOBAL && !config.hasGlobalAttention()) {
                throw new ModelInputException(
                        "token "
                                + t % shape.get(1)
                                + " of sequence "
                                + t / shape.get(1)
                                + " is global, and a checkpoint of model_type "
                                + config.modelType().key()
                                + " has no global attention: leave the mask out, or convert the checkpoint with longspan convert");
            }
            roles[t] = role.code();
        }
        return roles;
    }

    private static long within(String name, long value, long most) {
        if (value < 0 || value > most) {
            throw new ModelInputException(
                    "tensor '" + name + "' holds " + value + "; allowed are 0 to " + most);
        }
        return value;
    }

    private static long @Nullable [] labels(
            TensorSource source, List<Long> shape, LongformerConfig config) {
        long[] labels = optional(source, LABELS, shape);
        if (labels != null) {
            for (long label : labels) {
                if (label != NO_LABEL && (label < 0 || label >= config.vocabSize())) {
                    throw new ModelInputException(
                            "tensor '"
                                    + LABELS
                                    + "' holds "
                                    + label
                                    + "; allowed are ids from 0 to "
                                    + (config.vocabSize() - 1)
                                    + ", and -100 for none");
                }
            }
        }
        return labels;
    }

    private static long @Nullable [] optional(TensorSource source, String name, List<Long> shape) {
        if (!source.names().contains(name)) {
            return null;
        }
        StoredTensor tensor = source.get(name);
        if (!tensor.info().shape().equals(shape)) {
            throw new ModelInputException(
                    "tensor '"
                            + name
                            + "' has shape "
                            + tensor.info().shape()
                            + "; it must have the shape of "
                            + IDS
                            + ", "
                            + shape);
        }
        return tensor.toLongs();
    }
}
