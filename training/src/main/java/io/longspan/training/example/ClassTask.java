package io.longspan.training.example;

import io.longspan.model.checkpoint.Task;
import io.longspan.model.convert.HeadStart;
import io.longspan.model.head.Labels;
import io.longspan.model.head.ProblemType;
import io.longspan.training.metric.ClassMetrics;
import io.longspan.training.metric.Evaluation;
import java.util.List;
import java.util.NavigableMap;

/**
 * Texts get classes or a number.
 *
 * @param labels what they mean
 */
record ClassTask(LabelSet labels) implements ExampleTask {
    @Override
    public HeadStart.Wanted head() {
        return new HeadStart.Wanted(Task.SEQUENCE_CLASSIFICATION, labels.names(), labels.problem());
    }

    @Override
    public Labels labels(List<EncodedExample> batch) {
        return labels.labels(batch.stream().map(EncodedExample::truth).toList());
    }

    @Override
    public int scores(EncodedExample example) {
        return labels.names().size();
    }

    @Override
    public ExampleMetrics metrics() {
        ClassMetrics metrics = new ClassMetrics(labels.problem(), labels.names().size());
        return new ExampleMetrics() {
            @Override
            public void add(EncodedExample example, float[] scores) {
                metrics.add(scores, 0, example.truth());
            }

            @Override
            public NavigableMap<String, Double> measured() {
                return metrics.measured();
            }
        };
    }

    @Override
    public List<String> measured() {
        return labels.problem() == ProblemType.REGRESSION
                ? List.of(Evaluation.LOSS, Evaluation.SQUARED_ERROR, Evaluation.PEARSON)
                : List.of(
                        Evaluation.LOSS,
                        Evaluation.ACCURACY,
                        Evaluation.MACRO_F1,
                        Evaluation.MICRO_F1);
    }

    @Override
    public String summary() {
        return labels.problem() == ProblemType.REGRESSION
                ? "a number each"
                : labels.names().size() + " classes";
    }
}
