package io.longspan.training.example;

import io.longspan.model.checkpoint.Task;
import io.longspan.model.convert.HeadStart;
import io.longspan.model.head.Labels;
import io.longspan.model.head.SpanLabels;
import io.longspan.model.head.SpanReading;
import io.longspan.training.config.Answering;
import io.longspan.training.metric.Evaluation;
import java.util.List;

/**
 * Answers are found in documents.
 *
 * @param answering how
 */
record AnswerTask(Answering answering) implements ExampleTask {
    @Override
    public HeadStart.Wanted head() {
        return new HeadStart.Wanted(Task.QUESTION_ANSWERING, List.of(), null);
    }

    @Override
    public Labels labels(List<EncodedExample> batch) {
        return new SpanLabels(
                batch.stream().mapToLong(example -> (long) example.truth()[0]).toArray(),
                batch.stream().mapToLong(example -> (long) example.truth()[1]).toArray(),
                SpanReading.PACKED);
    }

    @Override
    public int scores(EncodedExample example) {
        return 2 * example.tokens();
    }

    @Override
    public ExampleMetrics metrics() {
        return new AnswerChoice(answering);
    }

    @Override
    public List<String> measured() {
        return List.of(Evaluation.LOSS, Evaluation.EXACT, Evaluation.F1);
    }

    @Override
    public String summary() {
        return "answers in windows of documents";
    }
}
