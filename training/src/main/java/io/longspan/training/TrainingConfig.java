package io.longspan.training;

import io.longspan.model.ModelInputException;
import io.longspan.model.Quoted;
import io.longspan.model.config.DropoutRates;
import io.longspan.model.config.GlobalPolicy;
import io.longspan.model.config.LongformerConfig;
import io.longspan.model.encoder.Activations;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Everything that says what a run does. Immutable; made by {@link #parse}, whose keys are the names
 * below in snake_case.
 *
 * @param model folder of the checkpoint to begin with
 * @param output folder of the run's checkpoints; made when missing
 * @param data where the data set lies, for whoever opens it; not read here
 * @param seed of the order of the data and of the masks
 * @param steps of the optimiser
 * @param sequenceLength tokens of a block, {@code <s>} and {@code </s>} included
 * @param tokensPerStep tokens of one optimiser step, a multiple of the sequence length
 * @param tokensPerBatch tokens that are in memory at once at most, at least one sequence; smaller
 *     than a step, gradients are gathered over several batches
 * @param learningRate the highest
 * @param warmupSteps over which the rate rises in a straight line
 * @param decayPower of the polynomial by which it falls afterwards: 1 a straight line, 3 as in the
 *     paper, 0 not at all
 * @param finalLearningRate at the last step
 * @param beta1 share of the first moment that is kept
 * @param beta2 share of the second moment that is kept
 * @param epsilon of AdamW
 * @param weightDecay of AdamW, on tensors of rank 2 and more
 * @param clipNorm largest norm of all gradients together, 0 for no limit
 * @param maskShare share of tokens to be guessed
 * @param maskTokenShare of those, replaced by the mask token
 * @param randomTokenShare of those, replaced by a random token; the rest stay
 * @param maskTokenId id of the mask token; -1 when the model's tokenizer says
 * @param globalTokens which tokens are global; null when the checkpoint says
 * @param activations what a step remembers of its way forward: kept is faster, recomputed needs
 *     less memory, and the numbers are the same
 * @param hiddenDropout rate of dropout of hidden states; null for the rate in the model's
 *     configuration
 * @param attentionDropout rate of dropout of attention probabilities; null for the rate in the
 *     model's configuration
 * @param evaluationShare share of the blocks that is held out, 0 for none
 * @param evaluationEvery steps between two looks at them; 0 for only before the first and after the
 *     last step
 * @param evaluationBlocks most blocks that are scored
 * @param checkpointEvery steps between two checkpoints; 0 for only at the end
 * @param keepCheckpoints how many of the newest are kept
 * @param decay how the learning rate falls
 * @param weights which of them move
 * @param best what the measurements on held-out data decide
 * @param tuning of a run that teaches classes or numbers; null for masked language modelling. Where
 *     it is set, there are no tokens per step and no masks, {@code sequenceLength} is the longest
 *     text (0: the model's own limit), {@code steps} may be 0 for a number of epochs, {@code
 *     warmupSteps} may then be -1 for the usual, and {@code evaluationEvery} may be -1 for once an
 *     epoch
 */
public record TrainingConfig(
        Path model,
        Path output,
        @Nullable Path data,
        long seed,
        int steps,
        int sequenceLength,
        int tokensPerStep,
        int tokensPerBatch,
        double learningRate,
        int warmupSteps,
        double decayPower,
        double finalLearningRate,
        double beta1,
        double beta2,
        double epsilon,
        double weightDecay,
        double clipNorm,
        double maskShare,
        double maskTokenShare,
        double randomTokenShare,
        int maskTokenId,
        @Nullable GlobalPolicy globalTokens,
        Activations activations,
        @Nullable Double hiddenDropout,
        @Nullable Double attentionDropout,
        double evaluationShare,
        int evaluationEvery,
        int evaluationBlocks,
        int checkpointEvery,
        int keepCheckpoints,
        Decay decay,
        WeightFilter weights,
        BestRule best,
        @Nullable FineTuning tuning) {
    /** In place of a rate of dropout: what the model's configuration says. */
    private static final String OF_MODEL = "model";

    /** Settings that change no number of the run; a resumed run may have others. */
    private static final List<String> FREE =
            List.of(
                    "output",
                    "data",
                    "train",
                    "validation",
                    "activations",
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
                    "activations",
                    "hidden_dropout",
                    "attention_dropout",
                    "train_only",
                    "freeze",
                    "evaluation_share",
                    "evaluation_every",
                    "checkpoint_every",
                    "keep_checkpoints",
                    "keep_best",
                    "best_metric",
                    "patience");

    private static final List<String> OF_MASKED_LM =
            List.of(
                    "data",
                    "tokens_per_step",
                    "mask_share",
                    "mask_token_share",
                    "random_token_share",
                    "mask_token_id",
                    "evaluation_blocks");

    /**
     * Checks every value.
     *
     * @throws ModelInputException naming the first setting that is not allowed
     */
    public TrainingConfig {
        require(
                tuning == null ? steps >= 1 : steps >= 1 || tuning.epochs() >= 1,
                "steps",
                steps,
                "1 or more");
        require(
                sequenceLength >= 3 || (tuning != null && sequenceLength == 0),
                "sequence_length",
                sequenceLength,
                "3 or more");
        require(
                tuning != null
                        || (tokensPerStep >= sequenceLength && tokensPerStep % sequenceLength == 0),
                "tokens_per_step",
                tokensPerStep,
                "a multiple of sequence_length, which is " + sequenceLength);
        require(
                tokensPerBatch >= Math.max(1, sequenceLength),
                "tokens_per_batch",
                tokensPerBatch,
                "at least sequence_length, which is " + sequenceLength);
        require(
                learningRate > 0 && learningRate <= 1,
                "learning_rate",
                learningRate,
                "above 0 and at most 1");
        require(
                steps == 0 || warmupSteps < steps,
                "warmup_steps",
                warmupSteps,
                "below steps, which is " + steps);
        require(
                decay != Decay.CONSTANT || finalLearningRate == 0,
                "final_learning_rate",
                finalLearningRate,
                "absent or 0 where schedule is constant");
        require(decayPower >= 0 && decayPower <= 10, "decay_power", decayPower, "from 0 to 10");
        require(
                finalLearningRate >= 0 && finalLearningRate <= learningRate,
                "final_learning_rate",
                finalLearningRate,
                "from 0 to learning_rate");
        require(beta1 >= 0 && beta1 < 1, "beta1", beta1, "at least 0 and below 1");
        require(beta2 >= 0 && beta2 < 1, "beta2", beta2, "at least 0 and below 1");
        require(epsilon > 0 && epsilon < 1, "epsilon", epsilon, "above 0 and below 1");
        require(weightDecay >= 0 && weightDecay <= 1, "weight_decay", weightDecay, "from 0 to 1");
        require(clipNorm >= 0 && clipNorm < 1e9, "clip_norm", clipNorm, "0 for none, or more");
        require(maskShare > 0 && maskShare < 1, "mask_share", maskShare, "above 0 and below 1");
        require(
                maskTokenShare >= 0 && maskTokenShare <= 1,
                "mask_token_share",
                maskTokenShare,
                "from 0 to 1");
        require(
                randomTokenShare >= 0 && maskTokenShare + randomTokenShare <= 1 + 1e-12,
                "random_token_share",
                randomTokenShare,
                "0 or more and, with mask_token_share, at most 1");
        requireRate("hidden_dropout", hiddenDropout);
        requireRate("attention_dropout", attentionDropout);
        require(
                evaluationShare >= 0 && evaluationShare < 1,
                "evaluation_share",
                evaluationShare,
                "at least 0 and below 1");
        require(evaluationBlocks >= 1, "evaluation_blocks", evaluationBlocks, "1 or more");
        require(keepCheckpoints >= 1, "keep_checkpoints", keepCheckpoints, "1 or more");
        require(
                tuning == null || tuning.validation() == null || evaluationShare == 0,
                "evaluation_share",
                evaluationShare,
                "absent or 0 where a validation file is named");
        boolean measured = evaluationShare > 0 || (tuning != null && tuning.validation() != null);
        if (best.decides() && !measured) {
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
        Objective objective = Objective.of(textOf(values.get("objective")));
        Settings from = new Settings(values, keys(objective, values));
        return objective == Objective.CLASSIFICATION ? tuning(from) : pretraining(from);
    }

    private static TrainingConfig pretraining(Settings from) {
        from.required("steps");
        int steps = from.count("steps", 0);
        int length = from.count("sequence_length", 512);
        int perStep =
                from.count("tokens_per_step", Math.max(1, 4096 / Math.max(1, length)) * length);
        return made(
                from,
                steps,
                length,
                perStep,
                from.count("tokens_per_batch", Math.max(length, Math.min(perStep, 4096))),
                from.count("warmup_steps", usualWarmup(steps)),
                Decay.POLYNOMIAL,
                0.05,
                from.count("evaluation_every", 100),
                null);
    }

    private static TrainingConfig tuning(Settings from) {
        FineTuning tuning = FineTuning.parse(from);
        int steps = from.count("steps", 0);
        if ((steps > 0) == (tuning.epochs() > 0)) {
            throw new ModelInputException(
                    "training settings 'epochs' and 'steps' are "
                            + (steps > 0 ? "both set" : "missing")
                            + "; set one of them, 1 or more");
        }
        int length = from.count("sequence_length", 0);
        return made(
                from,
                steps,
                length,
                0,
                from.count("tokens_per_batch", Math.max(length, 4096)),
                from.text("warmup_steps") == null && steps == 0
                        ? -1
                        : from.count("warmup_steps", usualWarmup(steps)),
                Decay.LINEAR,
                tuning.validation() == null ? 0.1 : 0,
                from.text("evaluation_every") == null ? -1 : from.count("evaluation_every", 0),
                tuning);
    }

    /** Steps in which the rate rises when nobody says. */
    static int usualWarmup(int steps) {
        return Math.min(500, steps / 10);
    }

    private static TrainingConfig made(
            Settings from,
            int steps,
            int length,
            int perStep,
            int perBatch,
            int warmup,
            Decay usualDecay,
            double usualShare,
            int evaluationEvery,
            @Nullable FineTuning tuning) {
        String data = from.text("data");
        Decay decay = decay(from, usualDecay);
        return new TrainingConfig(
                Path.of(from.required("model")),
                Path.of(from.required("output")),
                data == null ? null : Path.of(data),
                from.whole("seed", 1),
                steps,
                length,
                perStep,
                perBatch,
                from.number("learning_rate", 3e-5),
                warmup,
                decay == Decay.POLYNOMIAL ? from.number("decay_power", 3) : 1,
                from.number("final_learning_rate", 0),
                from.number("beta1", 0.9),
                from.number("beta2", 0.98),
                from.number("epsilon", 1e-6),
                from.number("weight_decay", 0.01),
                from.number("clip_norm", 1),
                from.number("mask_share", 0.15),
                from.number("mask_token_share", 0.8),
                from.number("random_token_share", 0.1),
                from.text("mask_token_id") == null ? -1 : from.count("mask_token_id", 0),
                globals(from.text("global_tokens")),
                activations(from.text("activations")),
                dropout(from, "hidden_dropout"),
                dropout(from, "attention_dropout"),
                from.number("evaluation_share", usualShare),
                evaluationEvery,
                from.count("evaluation_blocks", 64),
                from.count("checkpoint_every", 500),
                from.count("keep_checkpoints", 2),
                decay,
                new WeightFilter(from.list("train_only"), from.list("freeze")),
                best(from),
                tuning);
    }

    /** What the run teaches. */
    public Objective objective() {
        return tuning == null ? Objective.MASKED_LM : Objective.CLASSIFICATION;
    }

    /** Every setting by its key, as text; {@link #parse} makes the same configuration of it. */
    public NavigableMap<String, String> settings() {
        NavigableMap<String, String> all = new TreeMap<>();
        all.put("objective", objective().key());
        all.put("model", model.toString());
        all.put("output", output.toString());
        if (data != null) {
            all.put("data", data.toString());
        }
        all.put("seed", Long.toString(seed));
        if (steps > 0) {
            all.put("steps", Integer.toString(steps));
        }
        if (sequenceLength > 0) {
            all.put("sequence_length", Integer.toString(sequenceLength));
        }
        all.put("tokens_per_batch", Integer.toString(tokensPerBatch));
        all.put("learning_rate", Double.toString(learningRate));
        if (warmupSteps >= 0) {
            all.put("warmup_steps", Integer.toString(warmupSteps));
        }
        if (decay == Decay.POLYNOMIAL) {
            all.put("decay_power", Double.toString(decayPower));
        }
        // Left out where earlier versions had no choice, so that their runs can be gone on with.
        if (tuning != null || decay != Decay.POLYNOMIAL) {
            all.put("schedule", key(decay));
        }
        all.put("final_learning_rate", Double.toString(finalLearningRate));
        all.put("beta1", Double.toString(beta1));
        all.put("beta2", Double.toString(beta2));
        all.put("epsilon", Double.toString(epsilon));
        all.put("weight_decay", Double.toString(weightDecay));
        all.put("clip_norm", Double.toString(clipNorm));
        if (tuning == null) {
            putMasking(all);
        } else {
            tuning.put(all);
        }
        if (globalTokens != null) {
            all.put("global_tokens", globalTokens.key());
        }
        all.put("activations", key(activations));
        putDropout(all, "hidden_dropout", hiddenDropout);
        putDropout(all, "attention_dropout", attentionDropout);
        all.put("evaluation_share", Double.toString(evaluationShare));
        if (evaluationEvery >= 0) {
            all.put("evaluation_every", Integer.toString(evaluationEvery));
        }
        all.put("checkpoint_every", Integer.toString(checkpointEvery));
        all.put("keep_checkpoints", Integer.toString(keepCheckpoints));
        putChoices(all);
        return all;
    }

    private void putMasking(NavigableMap<String, String> all) {
        all.put("tokens_per_step", Integer.toString(tokensPerStep));
        all.put("mask_share", Double.toString(maskShare));
        all.put("mask_token_share", Double.toString(maskTokenShare));
        all.put("random_token_share", Double.toString(randomTokenShare));
        if (maskTokenId >= 0) {
            all.put("mask_token_id", Integer.toString(maskTokenId));
        }
        all.put("evaluation_blocks", Integer.toString(evaluationBlocks));
    }

    private void putChoices(NavigableMap<String, String> all) {
        if (!weights.only().isEmpty()) {
            all.put("train_only", Settings.text(weights.only()));
        }
        if (!weights.frozen().isEmpty()) {
            all.put("freeze", Settings.text(weights.frozen()));
        }
        if (best.decides()) {
            all.put("keep_best", Boolean.toString(best.keep()));
            all.put("best_metric", best.metric());
            all.put("patience", Integer.toString(best.patience()));
        }
    }

    /** The settings that the numbers of a run depend on. */
    NavigableMap<String, String> binding() {
        NavigableMap<String, String> all = settings();
        String every = all.get("evaluation_every");
        FREE.forEach(all::remove);
        if (best.decides() && every != null) {
            all.put("evaluation_every", every);
        }
        return all;
    }

    /** The rates of dropout with which a model is trained. */
    DropoutRates dropout(LongformerConfig modelConfig) {
        return new DropoutRates(
                hiddenDropout == null ? modelConfig.hiddenDropout() : hiddenDropout,
                attentionDropout == null ? modelConfig.attentionDropout() : attentionDropout);
    }

    /** Sequences of one step. */
    int sequencesPerStep() {
        return tokensPerStep / sequenceLength;
    }

    /** Sequences that are in memory at once at most. */
    int sequencesPerBatch() {
        return Math.min(sequencesPerStep(), tokensPerBatch / sequenceLength);
    }

    private static @Nullable String textOf(@Nullable Object value) {
        return value == null ? null : value.toString();
    }

    /** The settings that an objective has. */
    private static List<String> keys(Objective objective, Map<String, Object> values) {
        boolean tunes = objective == Objective.CLASSIFICATION;
        List<String> others = tunes ? OF_MASKED_LM : FineTuning.KEYS;
        values.keySet().stream()
                .filter(others::contains)
                .findFirst()
                .ifPresent(key -> {
                    throw new ModelInputException(
                            "training setting '"
                                    + key
                                    + "' means nothing for objective "
                                    + objective.key()
                                    + "; remove it, or set objective: "
                                    + (tunes ? Objective.MASKED_LM : Objective.CLASSIFICATION)
                                            .key());
                });
        return Stream.concat(SHARED.stream(), (tunes ? FineTuning.KEYS : OF_MASKED_LM).stream())
                .toList();
    }

    private static Decay decay(Settings from, Decay usual) {
        String wanted = from.text("schedule");
        Decay decay =
                wanted == null
                        ? usual
                        : Arrays.stream(Decay.values())
                                .filter(value -> key(value).equals(wanted))
                                .findFirst()
                                .orElseThrow(() ->
                                        new ModelInputException(
                                                "training setting 'schedule' is "
                                                        + Quoted.of(wanted)
                                                        + "; it must be one of polynomial, linear, cosine, constant"));
        if (decay != Decay.POLYNOMIAL && from.text("decay_power") != null) {
            throw new ModelInputException(
                    "training setting 'decay_power' is set and schedule is "
                            + key(decay)
                            + "; it belongs to schedule: polynomial, so remove one of them");
        }
        return decay;
    }

    private static BestRule best(Settings from) {
        String metric = from.text("best_metric");
        BestRule rule =
                new BestRule(
                        from.choice("keep_best", false),
                        metric == null ? Evaluation.LOSS : metric,
                        from.count("patience", 0));
        if (metric != null && !rule.decides()) {
            throw new ModelInputException(
                    "training setting 'best_metric' decides nothing; set keep_best: true or patience as well");
        }
        return rule.decides() ? rule : BestRule.NONE;
    }

    private static String key(Decay decay) {
        return decay.name().toLowerCase(Locale.ROOT);
    }

    private static @Nullable Double dropout(Settings from, String key) {
        return OF_MODEL.equals(from.text(key)) ? null : (Double) from.number(key, 0);
    }

    /** No dropout is not written down: it is what runs had before they could have it. */
    private static void putDropout(
            NavigableMap<String, String> all, String key, @Nullable Double rate) {
        if (rate == null || rate != 0) {
            all.put(key, rate == null ? OF_MODEL : Double.toString(rate));
        }
    }

    private static void requireRate(String key, @Nullable Double rate) {
        require(
                rate == null || (rate >= 0 && rate < 1),
                key,
                rate == null ? 0 : rate,
                "at least 0 and below 1, or '" + OF_MODEL + "' for the rate of the model");
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

    private static Activations activations(@Nullable String key) {
        if (key == null) {
            return Activations.KEPT;
        }
        String wanted = key.toLowerCase(Locale.ROOT);
        return Arrays.stream(Activations.values())
                .filter(value -> key(value).equals(wanted))
                .findFirst()
                .orElseThrow(() ->
                        new ModelInputException(
                                "training setting 'activations' is "
                                        + Quoted.of(key)
                                        + "; it must be kept or recomputed"));
    }

    private static String key(Activations activations) {
        return activations.name().toLowerCase(Locale.ROOT);
    }

    private static void require(boolean holds, String key, Number value, String allowed) {
        if (!holds) {
            throw new ModelInputException(
                    "training setting '" + key + "' is " + value + "; it must be " + allowed);
        }
    }
}
