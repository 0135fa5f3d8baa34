package io.longspan.cli;

import io.longspan.model.bulk.EmbedTask;
import io.longspan.model.session.Pooling;
import io.longspan.model.session.WindowPooling;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Vectors of many documents. */
@Command(
        name = "embed",
        description = {
            "Turn every document of a file into a vector, without a server. A run that was killed goes on with the same command, to the same bytes.",
            "A line of output has id, tokens, windows and embedding, in the order of the input. A text that is longer than the model is cut into windows, and its vector is the mean of theirs, each weighted by its fresh tokens; --long says otherwise."
        },
        mixinStandardHelpOptions = true,
        footer = {
            "",
            "Example: longspan embed --model longformer --input docs.jsonl.gz --output vectors.parquet --normalize"
        })
final class EmbedCommand implements Callable<Integer> {
    @Mixin private CommonOptions common;
    @Mixin private BulkModel bulk;

    @Option(
            names = "--pooling",
            defaultValue = "mean",
            paramLabel = "POOLING",
            description =
                    "mean of all tokens, or the state of the first token. Default: ${DEFAULT-VALUE}.")
    private Pooling pooling;

    @Option(names = "--normalize", description = "Divide each vector by its Euclidean length.")
    private boolean normalize;

    @Option(
            names = "--window-pooling",
            defaultValue = "mean",
            paramLabel = "POOLING",
            description =
                    "How windows of a long text become one vector: mean, weighted by fresh tokens, or max of each number. Default: ${DEFAULT-VALUE}.")
    private WindowPooling windowPooling;

    @Override
    public Integer call() {
        return bulk.run(
                common,
                null,
                Map.of("embedding", "FLOAT[]"),
                session -> new EmbedTask(session, pooling, normalize, windowPooling));
    }
}
