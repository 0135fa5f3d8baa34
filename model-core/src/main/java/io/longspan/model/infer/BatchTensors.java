package io.longspan.model.infer;

import io.longspan.attention.SequenceLayout;
import io.longspan.attention.TokenRole;
import io.longspan.model.ModelInputException;
import io.longspan.model.Quoted;
import io.longspan.model.checkpoint.StoredTensor;
import io.longspan.model.checkpoint.Task;
import io.longspan.model.checkpoint.TensorSource;
import io.longspan.model.config.LongformerConfig;
import io.longspan.model.encoder.TokenBatch;
import io.longspan.model.head.Labels;
import io.longspan.model.head.TaskSetup;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * A batch as Hugging Face has it: tensors of shape [batch, length], pads included, or [batch,
 * choices, length] for multiple choice.
 *
 * <p>Read from {@code input_ids} and, each optional, {@code attention_mask} (0 masked, 1 seen, and
 * 2 global as the original implementation has it), {@code global_attention_mask} (1 global; masked
 * wins), {@code token_type_ids}, {@code position_ids}, and the labels of the model's task, see
 * {@link LabelTensors}. Without a global mask, and without a 2 in the other one, tokens are global
 * by the model's rule.
 *
 * <p>Immutable.
 */
public final class BatchTensors {
    private static final String IDS = "input_ids";
    private static final String MASK = "attention_mask";
    private static final String GLOBAL = "global_attention_mask";
    private static final String TYPES = "token_type_ids";
    private static final String POSITIONS = "position_ids";
    private static final Set<String> KNOWN =
            new TreeSet<>(Set.of(IDS, MASK, GLOBAL, TYPES, POSITIONS));

    private final List<Long> shape;
    private final TokenBatch tokens;
    private final @Nullable Labels labels;

    private BatchTensors(List<Long> shape, TokenBatch tokens, @Nullable Labels labels) {
        this.shape = shape;
        this.tokens = tokens;
        this.labels = labels;
    }

    /**
     * Reads and checks a batch.
     *
     * @param setup of the model that is to read it
     * @throws ModelInputException naming the tensor, what it holds and what was expected
     */
    public static BatchTensors read(TensorSource source, TaskSetup setup) {
        refuseUnknown(source, setup.task());
        List<Long> shape = shape(source, setup.task());
        long[] ids = source.get(IDS).toLongs();
        SequenceLayout layout = layout(source, shape, ids, setup);
        long[] given = optional(source, TYPES, shape);
        long[] types = given == null ? new long[ids.length] : given;
        long[] positions = optional(source, POSITIONS, shape);
        TokenBatch tokens =
                positions == null
                        ? TokenBatch.counted(setup.config(), ids, types, layout)
                        : TokenBatch.of(setup.config(), ids, positions, types, layout);
        Labels labels = LabelTensors.read(source, shape, setup).orElse(null);
        if (labels != null) {
            labels.check(setup, layout);
        }
        return new BatchTensors(shape, tokens, labels);
    }

    /** Rows of the tensors; each has one sequence, or as many as there are choices. */
    public int rows() {
        return shape.getFirst().intValue();
    }

    /** Tokens of each sequence, pads included. */
    public int length() {
        return shape.getLast().intValue();
    }

    /** The packed batch, pads as MASKED tokens wherever the mask says so. */
    public TokenBatch tokens() {
        return tokens;
    }

    /** The truth, checked; none when no label tensor is there or the model has no head. */
    public Optional<Labels> labels() {
        return Optional.ofNullable(labels);
    }

    private static void refuseUnknown(TensorSource source, Task task) {
        Set<String> known = new TreeSet<>(KNOWN);
        known.addAll(LabelTensors.names(task));
        for (String name : source.names()) {
            if (!known.contains(name)) {
                throw new ModelInputException(
                        "'"
                                + source.path()
                                + "' holds a tensor "
                                + Quoted.of(name)
                                + "; known for task "
                                + task.key()
                                + " are "
                                + known
                                + ": rename or remove it");
            }
        }
    }

    private static List<Long> shape(TensorSource source, Task task) {
        List<Long> shape = source.info(IDS).shape();
        int rank = task == Task.MULTIPLE_CHOICE ? 3 : 2;
        double elements = shape.stream().mapToDouble(Long::doubleValue).reduce(1, (a, b) -> a * b);
        if (shape.size() != rank || elements == 0 || elements > 1 << 28) {
            throw new ModelInputException(
                    "tensor '"
                            + IDS
                            + "' has shape "
                            + shape
                            + "; it must be "
                            + (rank == 3 ? "[batch, choices, length]" : "[batch, length]")
                            + " with at least one token and at most 2^28");
        }
        return shape;
    }

    private static SequenceLayout layout(
            TensorSource source, List<Long> shape, long[] ids, TaskSetup setup) {
        byte[] roles = roles(source, shape, setup.config());
        int length = shape.getLast().intValue();
        int[] starts = new int[roles.length / length + 1];
        Arrays.setAll(starts, b -> b * length);
        SequenceLayout layout = SequenceLayout.of(starts, roles);
        return source.names().contains(GLOBAL) || layout.mostGlobals() > 0
                ? layout
                : setup.withGlobals(ids, layout);
    }

    private static byte[] roles(TensorSource source, List<Long> shape, LongformerConfig config) {
        long[] seen = optional(source, MASK, shape);
        long[] global = optional(source, GLOBAL, shape);
        byte[] roles = new byte[elements(shape)];
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
                                + t % shape.getLast()
                                + " of sequence "
                                + t / shape.getLast()
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

    private static int elements(List<Long> shape) {
        return (int) shape.stream().mapToLong(Long::longValue).reduce(1, (a, b) -> a * b);
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
