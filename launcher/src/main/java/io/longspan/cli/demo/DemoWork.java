package io.longspan.cli.demo;

import io.longspan.ingest.Corpus;
import io.longspan.ingest.IngestRequest;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/** What the demo asks of workers. */
final class DemoWork {
    /** Positions of the converted model. */
    static final int POSITIONS = 1024;

    /** Attention window of the converted model, both sides together. */
    static final int WINDOW = 64;

    static final int HIDDEN = 64;
    static final int LAYERS = 2;
    static final int HEADS = 2;

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
        settings.put("steps", 1);
        return settings;
    }
}
