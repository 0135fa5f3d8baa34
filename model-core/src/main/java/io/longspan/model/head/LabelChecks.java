package io.longspan.model.head;

import io.longspan.model.ModelInputException;

/** Refusals that labels of several kinds share. */
final class LabelChecks {
    private LabelChecks() {}

    static void task(boolean fits, Labels labels, TaskSetup setup) {
        if (!fits) {
            throw new ModelInputException(
                    "the labels are of kind "
                            + labels.getClass().getSimpleName()
                            + " and the model's task is "
                            + setup.task().key()
                            + "; give the labels of that task");
        }
    }

    static void count(String what, long found, long wanted) {
        if (found != wanted) {
            throw new ModelInputException(
                    "there are "
                            + found
                            + " labels for "
                            + wanted
                            + " "
                            + what
                            + "; give one for each");
        }
    }

    /** A label may be any class, or {@link Labels#NONE}. */
    static void range(String where, long label, long classes) {
        if (label != Labels.NONE && (label < 0 || label >= classes)) {
            throw new ModelInputException(
                    "the label of "
                            + where
                            + " is "
                            + label
                            + "; allowed are 0 to "
                            + (classes - 1)
                            + ", and -100 for none");
        }
    }
}
