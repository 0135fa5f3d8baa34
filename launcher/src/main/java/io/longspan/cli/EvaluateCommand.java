package io.longspan.cli;

import io.longspan.attention.registry.SelectedBackend;
import io.longspan.cli.role.BackendChooser;
import io.longspan.training.data.DataSetTokens;
import io.longspan.training.run.Evaluator;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Measures a classifier. */
@Command(
        name = "evaluate",
        description = {
            "Measure a model, as training does on held-out data.",
            "A fine-tuned model on a file of examples: JSON lines, or SQuAD's format for question answering.",
            "A language model on blocks of a data set that 'longspan ingest' made: perplexity, bits per token, and of a causal one bits per character."
        },
        mixinStandardHelpOptions = true,
        footer = {
            "",
            "Example: longspan train evaluate runs/reviews/step-00000075 test.jsonl",
            "         longspan train evaluate longformer books --sequence-length 2048"
        })
final class EvaluateCommand implements Callable<Integer> {
    @Mixin private CommonOptions common;
    @Mixin private AttentionOptions attention;

    @Parameters(index = "0", paramLabel = "MODEL", description = "Checkpoint folder.")
    private Path model;

    @Parameters(
            index = "1",
            paramLabel = "DATA",
            description = "File of examples, or folder of a data set.")
    private Path data;

    @Option(
            names = "--truncate",
            description = "Cut texts that are longer than the model instead of refusing them.")
    private boolean truncate;

    @Option(
            names = "--sequence-length",
            paramLabel = "TOKENS",
            description =
                    "Tokens of a block, or of the longest text. Default: 512 of a data set, the model's limit of a file.")
    private @Nullable Integer length;

    @Option(
            names = "--blocks",
            paramLabel = "N",
            description = "Most blocks of a data set that are read. Default: 64.")
    private @Nullable Integer blocks;

    @Option(
            names = "--packing",
            paramLabel = "HOW",
            description =
                    "How documents of a data set become blocks: concatenated (default), or documents, each block of one document.")
    private @Nullable String packing;

    @Option(
            names = "--document-overlap",
            paramLabel = "TOKENS",
            description =
                    "Tokens that neighbouring windows of a document share when questions are answered. Default: 128.")
    private @Nullable Integer overlap;

    @Option(names = "--no-answer", description = "Questions may have no answer, as in SQuAD 2.")
    private boolean noAnswer;

    @Override
    public Integer call() throws IOException {
        Evaluator evaluator = new Evaluator(model, data, settings());
        try (BackendChooser backends =
                        new BackendChooser(attention.settings(common.configuration()));
                SelectedBackend backend = backends.open(evaluator.needs())) {
            Evaluator.Result result;
            if (evaluator.readsDataSet()) {
                try (DataSetTokens tokens = DataSetTokens.open(data)) {
                    result = evaluator.run(backend.backend(), tokens);
                }
            } else {
                result = evaluator.run(backend.backend(), null);
            }
            Map<String, Object> json = new LinkedHashMap<>();
            json.put("objective", result.objective().key());
            json.put(evaluator.readsDataSet() ? "blocks" : "examples", result.examples());
            json.put("loss", result.measured().loss());
            json.putAll(result.measured().metrics());
            json.put("backend", backend.name());
            common.console()
                    .line(
                            json,
                            json.entrySet().stream()
                                    .map(entry ->
                                            entry.getValue() instanceof Double number
                                                    ? String.format(
                                                            Locale.ROOT,
                                                            "%-18s %.4f",
                                                            entry.getKey(),
                                                            number)
                                                    : String.format(
                                                            Locale.ROOT,
                                                            "%-18s %s",
                                                            entry.getKey(),
                                                            entry.getValue()))
                                    .collect(Collectors.joining("\n")));
            return 0;
        }
    }

    private Map<String, Object> settings() {
        Map<String, Object> settings = new HashMap<>();
        if (truncate) {
            settings.put("truncate", true);
        }
        if (length != null) {
            settings.put("sequence_length", length);
            settings.put("tokens_per_batch", Math.max(length, 4096));
        }
        if (blocks != null) {
            settings.put("evaluation_blocks", blocks);
        }
        if (packing != null) {
            settings.put("packing", packing);
        }
        if (overlap != null) {
            settings.put("document_overlap", overlap);
        }
        if (noAnswer) {
            settings.put("no_answer", true);
        }
        return settings;
    }
}
