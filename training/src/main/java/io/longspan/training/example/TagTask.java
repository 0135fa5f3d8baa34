package io.longspan.training.example;

import io.longspan.model.checkpoint.Task;
import io.longspan.model.convert.HeadStart;
import io.longspan.model.head.Labels;
import io.longspan.model.head.TokenLabels;
import io.longspan.training.metric.Evaluation;
import io.longspan.training.metric.TagMetrics;
import java.util.List;
import java.util.NavigableMap;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

/**
 * Tokens get tags. The truth of an example has a number for each token: its tag, or -1.
 *
 * @param names of the tags in order
 */
record TagTask(List<String> names) implements ExampleTask {
    /** Where a token has no tag. */
    static final float NONE = -1;

    TagTask {
        names = List.copyOf(names);
    }

    @Override
    public HeadStart.Wanted head() {
        return new HeadStart.Wanted(Task.TOKEN_CLASSIFICATION, names, null);
    }

    @Override
    public Labels labels(List<EncodedExample> batch) {
        LongStream.Builder rows = LongStream.builder();
        LongStream.Builder tags = LongStream.builder();
        int start = 0;
        for (EncodedExample example : batch) {
            float[] truth = example.truth(); // [L]
            for (int t = 0; t < truth.length; t++) {
                if (truth[t] >= 0) {
                    rows.add(start + t);
                    tags.add((long) truth[t]);
                }
            }
            start += truth.length;
        }
        return new TokenLabels(rows.build().toArray(), tags.build().toArray());
    }

    @Override
    public int scores(EncodedExample example) {
        return names.size() * tagged(example).length;
    }

    @Override
    public ExampleMetrics metrics() {
        TagMetrics metrics = new TagMetrics(names);
        return new ExampleMetrics() {
            @Override
            public void add(EncodedExample example, float[] scores) {
                int[] truth = tagged(example);
                metrics.add(
                        truth,
                        IntStream.range(0, truth.length).map(r -> best(scores, r)).toArray());
            }

            @Override
            public NavigableMap<String, Double> measured() {
                return metrics.measured();
            }
        };
    }

    @Override
    public List<String> measured() {
        return List.of(
                Evaluation.LOSS, Evaluation.ACCURACY, Evaluation.MACRO_F1, Evaluation.MICRO_F1);
    }

    @Override
    public String summary() {
        return names.size() + " tags";
    }

    private int best(float[] scores, int row) {
        int from = row * names.size();
        return IntStream.range(0, names.size())
                .reduce(0, (a, b) -> scores[from + b] > scores[from + a] ? b : a);
    }

    private static int[] tagged(EncodedExample example) {
        float[] truth = example.truth();
        return IntStream.range(0, truth.length)
                .filter(t -> truth[t] >= 0)
                .map(t -> (int) truth[t])
                .toArray();
    }
}
