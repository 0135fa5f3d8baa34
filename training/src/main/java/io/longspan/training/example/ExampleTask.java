package io.longspan.training.example;

import io.longspan.model.convert.HeadStart;
import io.longspan.model.head.Labels;
import java.util.List;

/** What examples ask of a model, and how its answers are measured. */
public sealed interface ExampleTask permits ClassTask, TagTask, ChoiceTask, AnswerTask {
    /** The head that answers. */
    HeadStart.Wanted head();

    /** The labels of a batch in which these examples stand one after the other. */
    Labels labels(List<EncodedExample> batch);

    /** How many scores a model gives for an example. */
    int scores(EncodedExample example);

    /** A fresh measurement. */
    ExampleMetrics metrics();

    /** Names of what is measured, the loss included. */
    List<String> measured();

    /** What there is to learn, for people: such as "3 classes". */
    String summary();
}
