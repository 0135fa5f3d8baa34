package io.longspan.cli;

import io.longspan.cli.term.Table;
import io.longspan.model.config.LongformerConfig;
import io.longspan.model.infer.MemoryEstimate;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.IntStream;

/** A model's description as JSON and as text. */
final class InspectView {
    private InspectView() {}

    static Map<String, Object> json(Inspected model, List<MemoryEstimate> memory) {
        LongformerConfig config = model.config();
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("model_type", config.modelType().key());
        json.put("task", model.task().key());
        json.put("layers", config.layers());
        json.put("hidden_size", config.hiddenSize());
        json.put("heads", config.heads());
        json.put("head_size", config.headSize());
        json.put("intermediate_size", config.intermediateSize());
        json.put("vocab_size", config.vocabSize());
        json.put("positions", config.usablePositions());
        json.put("causal", config.causal());
        json.put("pre_layer_norm", config.preLayerNorm());
        json.put("offset_bias", config.offsetBias());
        json.put("patterns", patterns(config));
        json.put("attention", LayerViews.json(config));
        json.put("parameters", model.parameters().total());
        Map<String, Object> counts = new LinkedHashMap<>();
        counts.put("encoder", model.parameters().encoder());
        counts.put("pooler", model.parameters().pooler());
        counts.put("head", model.parameters().head());
        counts.put("global", model.parameters().global());
        counts.put("global_share", model.parameters().globalShare());
        json.put("parameter_counts", counts);
        json.put("tensors", model.tensors().stream().map(InspectView::tensor).toList());
        json.put("unused_tensors", model.unused());
        json.put("memory", memory(memory.getFirst()));
        json.put("memory_at", memory.stream().map(InspectView::memory).toList());
        return json;
    }

    static String text(Inspected model, List<MemoryEstimate> memory, boolean listTensors) {
        LongformerConfig config = model.config();
        List<String> lines = new ArrayList<>();
        lines.add(model.name() + ": " + config.modelType().key() + ", " + model.task().key());
        lines.add(
                String.format(
                        Locale.ROOT,
                        "layers      %d of hidden size %d, %d heads of %d, feed-forward %d%s",
                        config.layers(),
                        config.hiddenSize(),
                        config.heads(),
                        config.headSize(),
                        config.intermediateSize(),
                        extras(config)));
        lines.add(
                String.format(
                        Locale.ROOT,
                        "reads       %,d tokens, vocabulary %,d",
                        config.usablePositions(),
                        config.vocabSize()));
        lines.add(
                String.format(
                        Locale.ROOT,
                        "parameters  %,d in %d tensors: encoder %,d, pooler %,d, head %,d",
                        model.parameters().total(),
                        model.tensors().size(),
                        model.parameters().encoder(),
                        model.parameters().pooler(),
                        model.parameters().head()));
        if (config.hasGlobalAttention()) {
            lines.add(
                    String.format(
                            Locale.ROOT,
                            "globals     %,d parameters, %.1f %% of the encoder",
                            model.parameters().global(),
                            100 * model.parameters().globalShare()));
        }
        if (!model.unused().isEmpty()) {
            lines.add("unused      " + String.join(", ", model.unused()));
        }
        lines.add("attention");
        lines.add(LayerViews.table(config).indent(2).stripTrailing());
        lines.add("memory in float32, without the attention backend's workspace and the JVM");
        lines.add(memoryTable(memory).indent(2).stripTrailing());
        if (listTensors) {
            lines.add("tensors");
            model.tensors()
                    .forEach(t -> lines.add("  " + t.name() + " " + t.dtype() + " " + t.shape()));
        }
        return String.join("\n", lines);
    }

    private static String extras(LongformerConfig config) {
        return (config.causal() ? ", causal" : "")
                + (config.preLayerNorm() ? ", norms before" : "")
                + (config.offsetBias() ? ", learned offset bias" : "");
    }

    private static List<String> patterns(LongformerConfig config) {
        return IntStream.range(0, config.layers())
                .mapToObj(layer -> "layer " + layer + ": " + config.pattern(layer))
                .toList();
    }

    private static Map<String, Object> tensor(Inspected.Tensor tensor) {
        Map<String, Object> entry = new LinkedHashMap<>();
        entry.put("name", tensor.name());
        entry.put("file_name", tensor.fileName());
        entry.put("dtype", tensor.dtype().name());
        entry.put("shape", tensor.shape());
        return entry;
    }

    private static Map<String, Object> memory(MemoryEstimate memory) {
        Map<String, Object> entry = new LinkedHashMap<>();
        entry.put("tokens", memory.tokens());
        entry.put("weights_bytes", memory.weights());
        entry.put("activations_bytes", memory.inference());
        entry.put("inference_bytes", memory.toInfer());
        entry.put("session_bytes", memory.session());
        entry.put("serving_bytes", memory.toServe());
        entry.put("gradients_bytes", memory.gradients());
        entry.put("optimizer_bytes", memory.optimizer());
        entry.put("training_kept_activations_bytes", memory.kept());
        entry.put("training_recomputed_activations_bytes", memory.recomputed());
        entry.put("training_kept_bytes", memory.toTrainKept());
        entry.put("training_recomputed_bytes", memory.toTrainRecomputed());
        return entry;
    }

    private static String memoryTable(List<MemoryEstimate> memory) {
        Table table =
                new Table(
                        "tokens",
                        "weights",
                        "+ session = serving",
                        "+ hidden = engine inference",
                        "gradients",
                        "AdamW",
                        "+ kept = training",
                        "+ recomputed = training");
        for (MemoryEstimate at : memory) {
            table.row(
                    String.format(Locale.ROOT, "%,d", at.tokens()),
                    bytes(at.weights()),
                    bytes(at.session()) + " = " + bytes(at.toServe()),
                    bytes(at.inference()) + " = " + bytes(at.toInfer()),
                    bytes(at.gradients()),
                    bytes(at.optimizer()),
                    bytes(at.kept()) + " = " + bytes(at.toTrainKept()),
                    bytes(at.recomputed()) + " = " + bytes(at.toTrainRecomputed()));
        }
        return table.toString();
    }

    private static String bytes(long count) {
        if (count < 1 << 20) {
            return String.format(Locale.ROOT, "%.1f KiB", count / 0x1p10);
        }
        return count < 10L << 30
                ? String.format(Locale.ROOT, "%.1f MiB", count / 0x1p20)
                : String.format(Locale.ROOT, "%.1f GiB", count / 0x1p30);
    }
}
