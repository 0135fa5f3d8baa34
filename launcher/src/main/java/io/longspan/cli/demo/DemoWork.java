package io.longspan.cli.demo;

import io.longspan.ingest.Corpus;
import io.longspan.ingest.IngestRequest;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/** What the demo asks of workers. */
final class DemoWork {
    /** Positions of the converted model. */
    static final int POSITIONS = 4096;

    /** Attention window of the converted model, both sides together. */
    static final int WINDOW = 32;

    static final int HIDDEN = 64;
    static final int LAYERS = 2;
    static final int HEADS = 4;

    private DemoWork() {}

    static String ingest(Path files, Path data) {
        return IngestRequest.of(
                        Corpus.BOOKS, files.resolve("books"), data, files.resolve("tokenizer"))
                .toJson();
    }

    static Map<String, Object> training(DemoFolder folder) {
        Map<String, Object> settings = new LinkedHashMap<>();
        settings.put("model", folder.longformer().toString());
        settings.put("data", folder.data().toString());
        settings.put("output", folder.training().toString());
        settings.put("steps", 80);
        settings.put("sequence_length", 512);
        settings.put("tokens_per_step", 2048);
        settings.put("learning_rate", 6e-3);
        settings.put("warmup_steps", 8);
        settings.put("decay_power", 1);
        // The few steps are for seeing the loss fall.
        settings.put("hidden_dropout", 0);
        settings.put("attention_dropout", 0);
        settings.put("evaluation_every", 10);
        return settings;
    }
}
