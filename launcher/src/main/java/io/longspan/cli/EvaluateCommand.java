package io.longspan.cli;

import io.longspan.attention.registry.SelectedBackend;
import io.longspan.cli.role.BackendChooser;
import io.longspan.training.run.Evaluator;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Measures a classifier. */
@Command(
        name = "evaluate",
        description = {
            "Measure a classifier on examples: loss, accuracy and F1, or squared error and correlation.",
            "The file holds a JSON object per line with text and label, perhaps text_pair."
        },
        mixinStandardHelpOptions = true,
        footer = {"", "Example: longspan train evaluate runs/reviews/step-00000075 test.jsonl"})
final class EvaluateCommand implements Callable<Integer> {
    @Mixin private CommonOptions common;
    @Mixin private AttentionOptions attention;

    @Parameters(index = "0", paramLabel = "MODEL", description = "Checkpoint folder.")
    private Path model;

    @Parameters(index = "1", paramLabel = "FILE", description = "Examples in JSON lines.")
    private Path file;

    @Option(
            names = "--truncate",
            description = "Cut texts that are longer than the model instead of refusing them.")
    private boolean truncate;

    @Override
    public Integer call() {
        Evaluator evaluator = new Evaluator(model, file, truncate);
        try (BackendChooser backends =
                        new BackendChooser(attention.settings(common.configuration()));
                SelectedBackend backend = backends.open(evaluator.needs())) {
            Evaluator.Result result = evaluator.run(backend.backend());
            Map<String, Object> json = new LinkedHashMap<>();
            json.put("examples", result.examples());
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
                                                            "%-10s %.4f",
                                                            entry.getKey(),
                                                            number)
                                                    : String.format(
                                                            Locale.ROOT,
                                                            "%-10s %s",
                                                            entry.getKey(),
                                                            entry.getValue()))
                                    .collect(Collectors.joining("\n")));
            return 0;
        }
    }
}
