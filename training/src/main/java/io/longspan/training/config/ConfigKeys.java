package io.longspan.training.config;

import io.longspan.model.ModelInputException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Names of settings, and which objective has which. */
final class ConfigKeys {
    /** Settings that change no number of the run; a resumed run may have others. */
    static final List<String> FREE =
            List.of(
                    "output",
                    DataMix.DATA,
                    "train",
                    "validation",
                    Computing.ACTIVATIONS,
                    Computing.KEPT_MEMORY,
                    "evaluation_every",
                    "checkpoint_every",
                    "keep_checkpoints");

    private static final List<String> SHARED =
            List.of(
                    "objective",
                    "model",
                    "output",
                    "seed",
                    "steps",
                    "sequence_length",
                    "tokens_per_batch",
                    "learning_rate",
                    "warmup_steps",
                    "schedule",
                    "decay_power",
                    "final_learning_rate",
                    "beta1",
                    "beta2",
                    "epsilon",
                    "weight_decay",
                    "clip_norm",
                    "global_tokens",
                    Computing.ACTIVATIONS,
                    Computing.KEPT_MEMORY,
                    Computing.PRODUCTS,
                    Drops.HIDDEN,
                    Drops.ATTENTION,
                    "train_only",
                    "freeze",
                    "evaluation_share",
                    "evaluation_every",
                    "checkpoint_every",
                    "keep_checkpoints",
                    "keep_best",
                    "best_metric",
                    "patience");

    private static final List<String> OF_STREAMS =
            List.of(DataMix.DATA, DataMix.PACKING, "tokens_per_step", "evaluation_blocks");

    private ConfigKeys() {}

    /**
     * The settings that an objective has.
     *
     * @throws ModelInputException when one is given that only another objective has
     */
    static List<String> of(Objective objective, Map<String, Object> values) {
        List<String> own = own(objective);
        for (String key : values.keySet()) {
            List<Objective> others =
                    Arrays.stream(Objective.values())
                            .filter(other -> own(other).contains(key))
                            .toList();
            if (!others.isEmpty() && !others.contains(objective)) {
                throw new ModelInputException(
                        "training setting '"
                                + key
                                + "' means nothing for objective "
                                + objective.key()
                                + "; remove it, or set objective: "
                                + others.stream()
                                        .map(Objective::key)
                                        .collect(Collectors.joining(" or ")));
            }
        }
        return Stream.concat(SHARED.stream(), own.stream()).toList();
    }

    private static List<String> own(Objective objective) {
        List<String> keys = new ArrayList<>();
        if (objective.readsExamples()) {
            keys.addAll(FineTuning.keys(objective));
        } else {
            keys.addAll(OF_STREAMS);
        }
        if (objective == Objective.MASKED_LM) {
            keys.addAll(Guessing.KEYS);
        }
        return keys;
    }
}
