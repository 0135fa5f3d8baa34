package io.longspan.training;

import io.longspan.model.ModelInputException;
import io.longspan.model.Quoted;
import io.longspan.model.config.DropoutRates;
import io.longspan.model.config.LongformerConfig;
import io.longspan.model.encoder.Activations;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
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
 * @param globalTokens which tokens are global
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
        GlobalTokens globalTokens,
        Activations activations,
        @Nullable Double hiddenDropout,
        @Nullable Double attentionDropout,
        double evaluationShare,
        int evaluationEvery,
        int evaluationBlocks,
        int checkpointEvery,
        int keepCheckpoints) {
    private static final String OBJECTIVE = "masked-lm";

    /** In place of a rate of dropout: what the model's configuration says. */
    private static final String OF_MODEL = "model";

    /** Settings that change no number of the run; a resumed run may have others. */
    private static final List<String> FREE =
            List.of(
                    "output",
                    "data",
                    "activations",
                    "evaluation_every",
                    "checkpoint_every",
                    "keep_checkpoints");

    private static final List<String> KEYS =
            List.of(
                    "objective",
                    "model",
                    "output",
                    "data",
                    "seed",
                    "steps",
                    "sequence_length",
                    "tokens_per_step",
                    "tokens_per_batch",
                    "learning_rate",
                    "warmup_steps",
                    "decay_power",
                    "final_learning_rate",
                    "beta1",
                    "beta2",
                    "epsilon",
                    "weight_decay",
                    "clip_norm",
                    "mask_share",
                    "mask_token_share",
                    "random_token_share",
                    "mask_token_id",
                    "global_tokens",
                    "activations",
                    "hidden_dropout",
                    "attention_dropout",
                    "evaluation_share",
                    "evaluation_every",
                    "evaluation_blocks",
                    "checkpoint_every",
                    "keep_checkpoints");

    /**
     * Checks every value.
     *
     * @throws ModelInputException naming the first setting that is not allowed
     */
    public TrainingConfig {
        require(steps >= 1, "steps", steps, "1 or more");
        require(sequenceLength >= 3, "sequence_length", sequenceLength, "3 or more");
        require(
                tokensPerStep >= sequenceLength && tokensPerStep % sequenceLength == 0,
                "tokens_per_step",
                tokensPerStep,
                "a multiple of sequence_length, which is " + sequenceLength);
        require(
                tokensPerBatch >= sequenceLength,
                "tokens_per_batch",
                tokensPerBatch,
                "at least sequence_length, which is " + sequenceLength);
        require(
                learningRate > 0 && learningRate <= 1,
                "learning_rate",
                learningRate,
                "above 0 and at most 1");
        require(warmupSteps < steps, "warmup_steps", warmupSteps, "below steps, which is " + steps);
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
    }

    /**
     * Reads a configuration; what is absent gets its default.
     *
     * @param values as YAML or JSON gives them: numbers or texts by key
     * @throws ModelInputException when a key is unknown, naming the nearest known one, when {@code
     *     model}, {@code output} or {@code steps} is missing, or a value is not allowed
     */
    public static TrainingConfig parse(Map<String, Object> values) {
        Settings from = new Settings(values, KEYS);
        String objective = from.text("objective");
        if (objective != null && !objective.equals(OBJECTIVE)) {
            throw new ModelInputException(
                    "training setting 'objective' is "
                            + Quoted.of(objective)
                            + "; this version trains '"
                            + OBJECTIVE
                            + "' only");
        }
        from.required("steps");
        int steps = from.count("steps", 0);
        int length = from.count("sequence_length", 512);
        int perStep =
                from.count("tokens_per_step", Math.max(1, 4096 / Math.max(1, length)) * length);
        String data = from.text("data");
        return new TrainingConfig(
                Path.of(from.required("model")),
                Path.of(from.required("output")),
                data == null ? null : Path.of(data),
                from.whole("seed", 1),
                steps,
                length,
                perStep,
                from.count("tokens_per_batch", Math.max(length, Math.min(perStep, 4096))),
                from.number("learning_rate", 3e-5),
                from.count("warmup_steps", Math.min(500, steps / 10)),
                from.number("decay_power", 3),
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
                from.number("evaluation_share", 0.05),
                from.count("evaluation_every", 100),
                from.count("evaluation_blocks", 64),
                from.count("checkpoint_every", 500),
                from.count("keep_checkpoints", 2));
    }

    /** Every setting by its key, as text; {@link #parse} makes the same configuration of it. */
    public NavigableMap<String, String> settings() {
        NavigableMap<String, String> all = new TreeMap<>();
        all.put("objective", OBJECTIVE);
        all.put("model", model.toString());
        all.put("output", output.toString());
        if (data != null) {
            all.put("data", data.toString());
        }
        all.put("seed", Long.toString(seed));
        all.put("steps", Integer.toString(steps));
        all.put("sequence_length", Integer.toString(sequenceLength));
        all.put("tokens_per_step", Integer.toString(tokensPerStep));
        all.put("tokens_per_batch", Integer.toString(tokensPerBatch));
        all.put("learning_rate", Double.toString(learningRate));
        all.put("warmup_steps", Integer.toString(warmupSteps));
        all.put("decay_power", Double.toString(decayPower));
        all.put("final_learning_rate", Double.toString(finalLearningRate));
        all.put("beta1", Double.toString(beta1));
        all.put("beta2", Double.toString(beta2));
        all.put("epsilon", Double.toString(epsilon));
        all.put("weight_decay", Double.toString(weightDecay));
        all.put("clip_norm", Double.toString(clipNorm));
        all.put("mask_share", Double.toString(maskShare));
        all.put("mask_token_share", Double.toString(maskTokenShare));
        all.put("random_token_share", Double.toString(randomTokenShare));
        if (maskTokenId >= 0) {
            all.put("mask_token_id", Integer.toString(maskTokenId));
        }
        all.put("global_tokens", globalTokens.key());
        all.put("activations", key(activations));
        putDropout(all, "hidden_dropout", hiddenDropout);
        putDropout(all, "attention_dropout", attentionDropout);
        all.put("evaluation_share", Double.toString(evaluationShare));
        all.put("evaluation_every", Integer.toString(evaluationEvery));
        all.put("evaluation_blocks", Integer.toString(evaluationBlocks));
        all.put("checkpoint_every", Integer.toString(checkpointEvery));
        all.put("keep_checkpoints", Integer.toString(keepCheckpoints));
        return all;
    }

    /** The settings that the numbers of a run depend on. */
    NavigableMap<String, String> binding() {
        NavigableMap<String, String> all = settings();
        FREE.forEach(all::remove);
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

    private static GlobalTokens globals(@Nullable String key) {
        if (key == null) {
            return GlobalTokens.NONE;
        }
        String wanted = key.toLowerCase(Locale.ROOT);
        return Arrays.stream(GlobalTokens.values())
                .filter(value -> value.key().equals(wanted))
                .findFirst()
                .orElseThrow(() ->
                        new ModelInputException(
                                "training setting 'global_tokens' is "
                                        + Quoted.of(key)
                                        + "; it must be one of "
                                        + Arrays.stream(GlobalTokens.values())
                                                .map(GlobalTokens::key)
                                                .collect(Collectors.joining(", "))));
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
