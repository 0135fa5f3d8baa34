package io.longspan.model.reference;

import io.longspan.attention.SequenceLayout;
import io.longspan.attention.TokenRole;
import io.longspan.model.Progress;
import io.longspan.model.checkpoint.CheckpointFiles;
import io.longspan.model.checkpoint.ExpectedTensor;
import io.longspan.model.checkpoint.HuggingFaceNames;
import io.longspan.model.checkpoint.ModelTensors;
import io.longspan.model.checkpoint.OutgoingTensor;
import io.longspan.model.checkpoint.Task;
import io.longspan.model.config.LayerAttention;
import io.longspan.model.config.LongformerConfig;
import io.longspan.model.config.LongformerConfigBuilder;
import io.longspan.model.config.ModelType;
import io.longspan.model.encoder.TokenBatch;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

/**
 * A small model of one kind, and a batch of two sequences for it.
 *
 * @param attention one entry per layer
 * @param globals global tokens of the batch
 */
record PatternCase(
        String name,
        List<LayerAttention> attention,
        boolean causal,
        boolean offsetBias,
        boolean preNorm,
        int globals) {
    static final long SEED = 20261124;
    private static final int VOCABULARY = 31;
    private static final int HEADS = 3;

    static List<PatternCase> all() {
        List<LayerAttention> plain = List.of(same(8, 1), same(4, 1));
        List<LayerAttention> back = List.of(same(8, 1), same(6, 2));
        List<LayerAttention> uneven = List.of(reach(3, 1, 0, 4, 2, 2), reach(2, 0, 5, 1, 3, 2));
        List<LayerAttention> unevenBack = List.of(reach(3, 0, 5, 0, 2, 0), reach(2, 0, 0, 0, 4, 0));
        return List.of(
                new PatternCase("plain", plain, false, false, false, 2),
                // More globals than a head is wide: their keys are projected.
                new PatternCase("many globals", plain, false, false, false, 7),
                new PatternCase(
                        "dilated, no globals",
                        List.of(same(6, 2), same(4, 3)),
                        false,
                        false,
                        false,
                        0),
                new PatternCase("uneven", uneven, false, false, false, 2),
                new PatternCase("causal", back, true, false, false, 3),
                new PatternCase("causal, many globals", back, true, false, false, 7),
                new PatternCase("offset bias", uneven, false, true, false, 2),
                new PatternCase("pre-norm", plain, false, false, true, 2),
                new PatternCase("everything", uneven, false, true, true, 2),
                new PatternCase("everything, causal", unevenBack, true, true, true, 7));
    }

    @Override
    public String toString() {
        return name;
    }

    private static LayerAttention same(int window, int dilation) {
        return new LayerAttention(
                List.of(window, window, window), List.of(dilation, dilation, dilation));
    }

    /** Left and right of each of three heads, with dilations 1, 2 and 3. */
    private static LayerAttention reach(int l0, int r0, int l1, int r1, int l2, int r2) {
        return new LayerAttention(List.of(l0, l1, l2), List.of(r0, r1, r2), List.of(1, 2, 3));
    }

    LongformerConfig config() {
        ModelType type = plain() && !preNorm ? ModelType.LONGFORMER : ModelType.LONGSPAN;
        return new LongformerConfigBuilder(type)
                .vocabSize(VOCABULARY)
                .hiddenSize(12)
                .layers(attention.size())
                .heads(HEADS)
                .intermediateSize(20)
                .maxPositionEmbeddings(20)
                .architectures(List.of(Task.MASKED_LM.architecture(type)))
                .attention(attention)
                .causal(causal)
                .offsetBias(offsetBias)
                .preLayerNorm(preNorm)
                .dropout(0.2, 0.3)
                .build();
    }

    /** Backends that can run it. */
    List<String> backends() {
        return plain() ? List.of("loop", "chunks", "fused") : List.of("loop", "fused");
    }

    private boolean plain() {
        return !causal
                && !offsetBias
                && attention.stream()
                        .allMatch(layer ->
                                layer.symmetric() && layer.sameWindow() && !layer.dilated());
    }

    /** Two sequences with masked tokens, and globals in the first only up to its length. */
    TokenBatch batch() {
        Random random = new Random(SEED + name.hashCode());
        byte[] roles = SequenceLayout.allLocal(15, 11).roles();
        roles[4] = TokenRole.MASKED.code();
        roles[25] = TokenRole.MASKED.code();
        for (int placed = 0; placed < globals; ) {
            int t = random.nextInt(placed < globals - 1 ? 15 : 26);
            if (roles[t] == TokenRole.LOCAL.code()) {
                roles[t] = TokenRole.GLOBAL.code();
                placed++;
            }
        }
        long[] ids = random.longs(roles.length, 5, VOCABULARY).toArray();
        return TokenBatch.of(config(), ids, SequenceLayout.of(new int[] {0, 15, 26}, roles));
    }

    /** Every third token is to be guessed, whatever its role. */
    long[] rows() {
        return IntStream.range(0, 8).mapToLong(i -> 3L * i + 1).toArray();
    }

    long[] labels() {
        return new Random(SEED).longs(rows().length, 5, VOCABULARY).toArray();
    }

    /** Writes a checkpoint whose weights are all away from 0 and 1, biases too. */
    Map<String, double[]> write(Path folder) {
        Random random = new Random(SEED - name.hashCode());
        Map<String, double[]> weights = new TreeMap<>();
        List<OutgoingTensor> tensors = new ArrayList<>();
        for (ExpectedTensor tensor : ModelTensors.of(config(), Task.MASKED_LM, 0)) {
            if (!tensor.required()) {
                continue;
            }
            long[] shape = tensor.shape().stream().mapToLong(Long::longValue).toArray();
            float[] values = new float[(int) LongStream.of(shape).reduce(1, Math::multiplyExact)];
            boolean gain = tensor.name().matches(".*(LayerNorm|layer_norm)\\.weight");
            for (int i = 0; i < values.length; i++) {
                values[i] = (float) ((gain ? 1 : 0) + 0.3 * random.nextGaussian());
            }
            weights.put(
                    tensor.name(),
                    IntStream.range(0, values.length).mapToDouble(i -> values[i]).toArray());
            tensors.add(
                    OutgoingTensor.of(
                            HuggingFaceNames.fileName(
                                    config().modelType(), Task.MASKED_LM, tensor.name()),
                            values,
                            shape));
        }
        try {
            Files.createDirectories(folder);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        CheckpointFiles.write(folder, config(), tensors, Progress.none());
        return weights;
    }
}
