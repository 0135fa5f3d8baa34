package io.longspan.model.session;

import io.longspan.model.checkpoint.Task;
import io.longspan.model.head.ProblemType;
import io.longspan.model.head.TaskHead;
import io.longspan.model.tokenizer.Encoding;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/** Puts texts and tokens into classes. */
final class TextLabels {
    private final ModelRun run;

    TextLabels(ModelRun run) {
        this.run = run;
    }

    List<Classification> classify(List<TokenizedText> texts) {
        TaskHead head = run.head(Task.SEQUENCE_CLASSIFICATION, "no classifier", "classify texts");
        int classes = head.classes();
        ProblemType problem = ProblemType.of(run.model().config(), classes, true);
        float[] scores = run.scores(head, texts, _ -> IntStream.of(0)); // [B, K]
        List<String> names = names(classes);
        List<Classification> answers = new ArrayList<>();
        for (int b = 0; b < texts.size(); b++) {
            int from = b * classes;
            float[] values =
                    switch (problem) {
                        case SINGLE_LABEL -> Shares.softmax(scores, from, classes);
                        case MULTI_LABEL -> Shares.sigmoids(scores, from, classes);
                        case REGRESSION -> Arrays.copyOfRange(scores, from, from + classes);
                    };
            answers.add(
                    new Classification(
                            problem,
                            IntStream.range(0, classes)
                                    .mapToObj(k -> new LabelScore(names.get(k), values[k]))
                                    .toList()));
        }
        return answers;
    }

    List<List<TokenLabel>> classifyTokens(List<TokenizedText> texts) {
        TaskHead head = run.head(Task.TOKEN_CLASSIFICATION, "no token classifier", "label tokens");
        int classes = head.classes();
        float[] scores = run.scores(head, texts, TextLabels::ownTokens); // [R, K]
        List<String> names = names(classes);
        List<List<TokenLabel>> answers = new ArrayList<>();
        int row = 0;
        for (TokenizedText text : texts) {
            List<TokenLabel> labels = new ArrayList<>();
            for (int t : ownTokens(text).toArray()) {
                float[] shares = Shares.softmax(scores, row++ * classes, classes);
                int best = 0;
                for (int k = 1; k < classes; k++) {
                    best = shares[k] > shares[best] ? k : best;
                }
                Encoding encoding = text.encoding();
                labels.add(
                        new TokenLabel(
                                encoding.start(t), encoding.end(t), names.get(best), shares[best]));
            }
            answers.add(labels);
        }
        return answers;
    }

    private static IntStream ownTokens(TokenizedText text) {
        Encoding encoding = text.encoding();
        return IntStream.range(0, encoding.size()).filter(t -> !encoding.isSpecial(t));
    }

    /** The checkpoint's names of its classes. */
    private List<String> names(int classes) {
        List<String> stored = run.model().config().labels();
        return stored.size() == classes
                ? stored
                : IntStream.range(0, classes).mapToObj(k -> "LABEL_" + k).toList();
    }
}
