package io.longspan.training.config;

import io.longspan.model.ModelInputException;
import io.longspan.model.config.DropoutRates;
import io.longspan.model.config.GlobalPolicy;
import io.longspan.model.config.LongformerConfig;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Everything that says what a run does. Immutable; made by {@link #parse} of settings whose names
 * docs/training.md lists.
 *
 * @param objective what the run teaches
 * @param model folder of the checkpoint to begin with
 * @param output folder of the run's checkpoints; made when missing
 * @param data where the data sets lie and how they are read
 * @param seed of the order of the data and of everything random
 * @param steps of the optimiser; may be 0 where a number of epochs is given
 * @param sequenceLength tokens of a block, {@code <s>} and {@code </s>} included, of single
 *     documents at most; of examples the longest text, where 0 is the model's own limit
 * @param tokensPerStep tokens of one optimiser step, a multiple of the sequence length, of single
 *     documents at most; 0 where examples are read
 * @param tokensPerBatch tokens that are in memory at once at most, at least one sequence; smaller
 *     than a step, gradients are gathered over several batches
 * @param rate how fast it learns
 * @param optimizer settings of AdamW
 * @param guessing which tokens are hidden
 * @param globalTokens which tokens are global; null when the checkpoint says
 * @param computing how steps are computed
 * @param drops rates of dropout
 * @param looks how it measures itself, and what it keeps
 * @param weights which of them move
 * @param tuning of a run that learns from examples; null for one that reads a data set
 */
public record TrainingConfig(
        Objective objective,
        Path model,
        Path output,
        DataMix data,
        long seed,
        int steps,
        int sequenceLength,
        int tokensPerStep,
        int tokensPerBatch,
        LearningRate rate,
        Optimizer optimizer,
        Guessing guessing,
        @Nullable GlobalPolicy globalTokens,
        Computing computing,
        Drops drops,
        Looks looks,
        WeightFilter weights,
        @Nullable FineTuning tuning) {
    /**
     * Checks every value.
     *
     * @throws ModelInputException naming the first setting that is not allowed
     */
    public TrainingConfig {
        Need.that(
                tuning == null ? steps >= 1 : steps >= 1 || tuning.epochs() >= 1,
                "steps",
                steps,
                "1 or more");
        Need.that(
                sequenceLength >= 3 || (tuning != null && sequenceLength == 0),
                "sequence_length",
                sequenceLength,
                "3 or more");
        boolean even = data.packing() == Packing.CONCATENATED;
        Need.that(
                tuning != null
                        || (tokensPerStep >= sequenceLength
                                && (!even || tokensPerStep % sequenceLength == 0)),
                "tokens_per_step",
                tokensPerStep,
                (even ? "a multiple of" : "at least")
                        + " sequence_length, which is "
                        + sequenceLength);
        Need.that(
                tokensPerBatch >= Math.max(1, sequenceLength),
                "tokens_per_batch",
                tokensPerBatch,
                "at least sequence_length, which is " + sequenceLength);
        Need.that(
                steps == 0 || rate.warmupSteps() < steps,
                "warmup_steps",
                rate.warmupSteps(),
                "below steps, which is " + steps);
        Need.that(
                tuning == null || tuning.validation() == null || looks.share() == 0,
                "evaluation_share",
                looks.share(),
                "absent or 0 where a validation file is named");
        boolean measured = looks.share() > 0 || (tuning != null && tuning.validation() != null);
        if (looks.best().decides() && !measured) {
            throw new ModelInputException(
                    "training settings 'keep_best' and 'patience' need held-out data and there are none; set evaluation_share or name a validation file");
        }
    }

    /**
     * Reads a configuration; what is absent gets its default.
     *
     * @param values as YAML or JSON gives them: numbers or texts by key
     * @throws ModelInputException when a key is unknown, naming the nearest known one, when {@code
     *     model}, {@code output} or {@code steps} is missing, or a value is not allowed
     */
    public static TrainingConfig parse(Map<String, Object> values) {
        Object wanted = values.get("objective");
        Objective objective = Objective.of(wanted == null ? null : wanted.toString());
        Settings from = new Settings(values, ConfigKeys.of(objective, values));
        FineTuning tuning = objective.readsExamples() ? FineTuning.parse(from) : null;
        if (tuning == null) {
            from.required("steps");
        }
        int steps = from.count("steps", 0);
        if (tuning != null && (steps > 0) == (tuning.epochs() > 0)) {
            throw new ModelInputException(
                    "training settings 'epochs' and 'steps' are "
                            + (steps > 0 ? "both set" : "missing")
                            + "; set one of them, 1 or more");
        }
        int length = from.count("sequence_length", tuning == null ? 512 : 0);
        int perStep =
                tuning != null
                        ? 0
                        : from.count(
                                "tokens_per_step",
                                Math.max(1, 4096 / Math.max(1, length)) * length);
        return new TrainingConfig(
                objective,
                Path.of(from.required("model")),
                Path.of(from.required("output")),
                DataMix.parse(from),
                from.whole("seed", 1),
                steps,
                length,
                perStep,
                from.count(
                        "tokens_per_batch",
                        Math.max(length, tuning == null ? Math.min(perStep, 4096) : 4096)),
                LearningRate.parse(from, steps, tuning == null ? Decay.POLYNOMIAL : Decay.LINEAR),
                Optimizer.parse(from),
                Guessing.parse(from),
                globals(from.text("global_tokens")),
                Computing.parse(from),
                Drops.parse(from),
                Looks.parse(
                        from,
                        tuning == null ? 0.05 : tuning.validation() == null ? 0.1 : 0,
                        tuning == null ? 100 : -1),
                new WeightFilter(from.list("train_only"), from.list("freeze")),
                tuning);
    }

    /** Every setting by its key, as text; {@link #parse} makes the same configuration of it. */
    public NavigableMap<String, String> settings() {
        NavigableMap<String, String> all = new TreeMap<>();
        all.put("objective", objective.key());
        all.put("model", model.toString());
        all.put("output", output.toString());
        all.put("seed", Long.toString(seed));
        if (steps > 0) {
            all.put("steps", Integer.toString(steps));
        }
        if (sequenceLength > 0) {
            all.put("sequence_length", Integer.toString(sequenceLength));
        }
        all.put("tokens_per_batch", Integer.toString(tokensPerBatch));
        rate.put(all, tuning != null);
        optimizer.put(all);
        if (tuning == null) {
            data.put(all);
            all.put("tokens_per_step", Integer.toString(tokensPerStep));
            all.put("evaluation_blocks", Integer.toString(looks.blocks()));
        } else {
            tuning.put(all, objective);
        }
        if (objective == Objective.MASKED_LM) {
            guessing.put(all);
        }
        if (globalTokens != null) {
            all.put("global_tokens", globalTokens.key());
        }
        computing.put(all);
        drops.put(all);
        looks.put(all);
        weights.put(all);
        return all;
    }

    /** The settings that the numbers of a run depend on. */
    public NavigableMap<String, String> binding() {
        NavigableMap<String, String> all = settings();
        String every = all.get("evaluation_every");
        ConfigKeys.FREE.forEach(all::remove);
        data.bind(all);
        if (looks.best().decides() && every != null) {
            all.put("evaluation_every", every);
        }
        // Runs of earlier versions did not write that nothing is dropped.
        all.remove(Drops.HIDDEN, "0.0");
        all.remove(Drops.ATTENTION, "0.0");
        Computing.bind(all);
        return all;
    }

    /** The rates of dropout with which a model is trained. */
    public DropoutRates dropout(LongformerConfig modelConfig) {
        return drops.of(modelConfig);
    }

    /** Sequences of one step, where all are of one length. */
    public int sequencesPerStep() {
        return tokensPerStep / sequenceLength;
    }

    private static @Nullable GlobalPolicy globals(@Nullable String key) {
        if (key == null) {
            return null;
        }
        // The only other name that earlier versions had.
        String wanted = key.equals("first") ? GlobalPolicy.Named.FIRST_TOKEN.key() : key;
        try {
            return GlobalPolicy.parse(wanted.toLowerCase(Locale.ROOT));
        } catch (ModelInputException e) {
            throw new ModelInputException("training setting 'global_tokens': " + e.getMessage(), e);
        }
    }
}
