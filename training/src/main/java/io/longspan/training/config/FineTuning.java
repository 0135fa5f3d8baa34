package io.longspan.training.config;

import io.longspan.model.ModelInputException;
import io.longspan.model.Quoted;
import io.longspan.model.head.ProblemType;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Settings of a run that learns from examples.
 *
 * @param train file of examples, in JSON lines or in the format of SQuAD
 * @param validation such a file for measuring; null to hold out a share of the first
 * @param problem what a label is; null when the checkpoint or the first label says
 * @param labels names of the classes in order; empty when the checkpoint or the file says
 * @param epochs times through the examples; 0 when the run's steps are given
 * @param examplesPerStep of the optimiser
 * @param truncate whether longer texts are cut; they are refused otherwise
 * @param freshHead whether a head that the checkpoint has is replaced by a random one
 * @param copyGlobals whether the global projections begin as copies of the local ones
 * @param answering how questions are answered
 */
public record FineTuning(
        Path train,
        @Nullable Path validation,
        @Nullable ProblemType problem,
        List<String> labels,
        int epochs,
        int examplesPerStep,
        boolean truncate,
        boolean freshHead,
        boolean copyGlobals,
        Answering answering) {
    private static final List<String> SHARED =
            List.of(
                    "train",
                    "validation",
                    "epochs",
                    "examples_per_step",
                    "fresh_head",
                    "global_projections");

    private static final String TRUNCATE = "truncate";
    private static final String COPY = "copy";
    private static final String KEEP = "keep";

    /** The settings that only objectives with examples have, and of them this one. */
    static List<String> keys(Objective objective) {
        List<String> keys = new ArrayList<>(SHARED);
        switch (objective) {
            case MASKED_LM, CAUSAL_LM -> keys.clear();
            case CLASSIFICATION -> keys.addAll(List.of(TRUNCATE, "problem", "labels"));
            case TOKEN_CLASSIFICATION -> keys.addAll(List.of(TRUNCATE, "labels"));
            case MULTIPLE_CHOICE -> keys.add(TRUNCATE);
            case QUESTION_ANSWERING -> keys.addAll(Answering.KEYS);
        }
        return keys;
    }

    /**
     * Checks and copies.
     *
     * @throws ModelInputException naming the setting that is not allowed
     */
    public FineTuning {
        labels = List.copyOf(labels);
        if (examplesPerStep < 1) {
            throw new ModelInputException(
                    "training setting 'examples_per_step' is 0; it must be 1 or more");
        }
        if (new HashSet<>(labels).size() < labels.size()) {
            throw new ModelInputException(
                    "training setting 'labels' names a class twice; name each once");
        }
        if (labels.size() == 1 || (problem == ProblemType.REGRESSION && !labels.isEmpty())) {
            throw new ModelInputException(
                    "training setting 'labels' has "
                            + labels.size()
                            + " names; it must have two or more, and none for regression");
        }
    }

    static FineTuning parse(Settings from) {
        String validation = from.text("validation");
        return new FineTuning(
                Path.of(from.required("train")),
                validation == null ? null : Path.of(validation),
                problem(from.text("problem")),
                from.list("labels"),
                from.count("epochs", 0),
                from.count("examples_per_step", 32),
                from.choice(TRUNCATE, false),
                from.choice("fresh_head", false),
                copies(from.text("global_projections")),
                Answering.parse(from));
    }

    void put(Map<String, String> all, Objective objective) {
        all.put("train", train.toString());
        if (validation != null) {
            all.put("validation", validation.toString());
        }
        if (problem != null) {
            all.put("problem", key(problem));
        }
        if (!labels.isEmpty()) {
            all.put("labels", Settings.text(labels));
        }
        if (epochs > 0) {
            all.put("epochs", Integer.toString(epochs));
        }
        all.put("examples_per_step", Integer.toString(examplesPerStep));
        if (objective == Objective.QUESTION_ANSWERING) {
            answering.put(all);
        } else {
            all.put(TRUNCATE, Boolean.toString(truncate));
        }
        all.put("fresh_head", Boolean.toString(freshHead));
        all.put("global_projections", copyGlobals ? COPY : KEEP);
    }

    public static String key(ProblemType problem) {
        return problem.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    private static @Nullable ProblemType problem(@Nullable String wanted) {
        if (wanted == null) {
            return null;
        }
        return Arrays.stream(ProblemType.values())
                .filter(problem -> key(problem).equals(wanted))
                .findFirst()
                .orElseThrow(() ->
                        new ModelInputException(
                                "training setting 'problem' is "
                                        + Quoted.of(wanted)
                                        + "; it must be one of "
                                        + Arrays.stream(ProblemType.values())
                                                .map(FineTuning::key)
                                                .collect(Collectors.joining(", "))));
    }

    private static boolean copies(@Nullable String wanted) {
        if (wanted == null || wanted.equals(COPY)) {
            return true;
        }
        if (wanted.equals(KEEP)) {
            return false;
        }
        throw new ModelInputException(
                "training setting 'global_projections' is "
                        + Quoted.of(wanted)
                        + "; it must be copy, to begin as the local ones, or keep");
    }
}
