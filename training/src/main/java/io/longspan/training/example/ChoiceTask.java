package io.longspan.training.example;

import io.longspan.model.checkpoint.Task;
import io.longspan.model.convert.HeadStart;
import io.longspan.model.head.ChoiceLabels;
import io.longspan.model.head.Labels;
import io.longspan.training.metric.Evaluation;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;

/** One of several answers is right. The truth of an example is its number. */
record ChoiceTask() implements ExampleTask {
    @Override
    public HeadStart.Wanted head() {
        return new HeadStart.Wanted(Task.MULTIPLE_CHOICE, List.of(), null);
    }

    @Override
    public Labels labels(List<EncodedExample> batch) {
        return new ChoiceLabels(
                batch.getFirst().sequences().size(),
                batch.stream().mapToLong(example -> (long) example.truth()[0]).toArray());
    }

    @Override
    public int scores(EncodedExample example) {
        return example.sequences().size();
    }

    @Override
    public ExampleMetrics metrics() {
        return new Counter();
    }

    @Override
    public List<String> measured() {
        return List.of(Evaluation.LOSS, Evaluation.ACCURACY);
    }

    @Override
    public String summary() {
        return "a choice each";
    }

    private static final class Counter implements ExampleMetrics {
        private long examples;
        private long right;

        @Override
        public void add(EncodedExample example, float[] scores) {
            int best = 0;
            for (int c = 1; c < scores.length; c++) {
                best = scores[c] > scores[best] ? c : best;
            }
            examples++;
            right += best == (int) example.truth()[0] ? 1 : 0;
        }

        @Override
        public NavigableMap<String, Double> measured() {
            NavigableMap<String, Double> all = new TreeMap<>();
            all.put(Evaluation.ACCURACY, (double) right / examples);
            return all;
        }
    }
}
