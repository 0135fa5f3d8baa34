package io.longspan.cli;

import io.longspan.model.bulk.ClassifyTask;
import io.longspan.model.checkpoint.Task;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Classes of many documents. */
@Command(
        name = "classify",
        description = {
            "Classify every document of a file, without a server. A run that was killed goes on with the same command, to the same bytes.",
            "A line of output has id, tokens, windows, problem and scores, and of a single label the best label and its score, in the order of the input. A text that is longer than the model is cut into windows, and its probabilities are the mean of theirs, each weighted by its fresh tokens; --long says otherwise."
        },
        mixinStandardHelpOptions = true,
        footer = {
            "",
            "Example: longspan classify --model runs/reviews/step-00000075 --input reviews.jsonl --output labels.jsonl"
        })
final class ClassifyCommand implements Callable<Integer> {
    @Mixin private CommonOptions common;
    @Mixin private BulkModel bulk;

    @Override
    public Integer call() {
        Map<String, String> columns = new LinkedHashMap<>();
        columns.put("problem", "VARCHAR");
        columns.put("label", "VARCHAR");
        columns.put("score", "FLOAT");
        columns.put("scores", "STRUCT(label VARCHAR, score FLOAT)[]");
        return bulk.run(common, Task.SEQUENCE_CLASSIFICATION, columns, ClassifyTask::new);
    }
}
