package io.longspan.model.session;

import io.longspan.model.head.ProblemType;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;

/**
 * What a classifier says of a text.
 *
 * @param problem what the values are: probabilities that add up to 1 of a single label, one
 *     probability for each of several labels, or plain numbers
 * @param labels every class, in the order of the classes
 */
public record Classification(ProblemType problem, List<LabelScore> labels) {
    /** Copies the list. */
    public Classification {
        labels = List.copyOf(labels);
    }

    /** The class with the largest value; of equal ones the first. */
    public LabelScore best() {
        return Collections.max(labels, Comparator.comparingDouble(LabelScore::value));
    }
}
