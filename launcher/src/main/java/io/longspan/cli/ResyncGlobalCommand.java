package io.longspan.cli;

import io.longspan.cli.term.ProgressLine;
import io.longspan.cli.term.Table;
import io.longspan.model.convert.GlobalResync;
import io.longspan.model.convert.ResyncReport;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Sets the global projections of a Longformer to its local ones. */
@Command(
        name = "resync-global",
        description = {
            "Copy the local query, key and value projections of a Longformer to the global ones.",
            "Pretraining moves the local ones only; do this once before fine-tuning."
        },
        mixinStandardHelpOptions = true,
        footer = {"", "Example: longspan resync-global pretrained --to ready"})
final class ResyncGlobalCommand implements Callable<Integer> {
    @Mixin private CommonOptions common;

    @Parameters(paramLabel = "DIR", description = "Checkpoint folder of a Longformer.")
    private Path folder;

    @Option(
            names = "--to",
            paramLabel = "DIR",
            description = "Folder to make. Default: the weights in DIR are replaced.")
    private @Nullable Path to;

    @Override
    public Integer call() {
        ResyncReport report;
        try (ProgressLine progress = new ProgressLine("write")) {
            report = GlobalResync.run(folder, to, progress);
        }
        Path written = to == null ? folder : to;
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("to", written.toString());
        json.put("changed", report.changed());
        json.put("tensors", report.tensors());
        json.put("layers", report.layers());
        common.console().result(json, text(written, report));
        return 0;
    }

    private static String text(Path written, ResyncReport report) {
        Table table = new Table("layer", "query", "key", "value", "relative");
        for (ResyncReport.Layer layer : report.layers()) {
            table.row(
                    Integer.toString(layer.layer()),
                    number(layer.query()),
                    number(layer.key()),
                    number(layer.value()),
                    number(layer.relative()));
        }
        return String.format(
                Locale.ROOT,
                "%s: %d tensors copied from the local projections%s%ndistance before:%n%s",
                written,
                report.tensors(),
                report.changed() ? "" : ", all of which were equal already",
                table);
    }

    private static String number(double value) {
        return String.format(Locale.ROOT, "%.4g", value);
    }
}
