package io.longspan.training.objective;

import io.longspan.model.ModelInputException;
import io.longspan.model.config.LongformerConfig;
import io.longspan.model.head.TaskSetup;
import io.longspan.model.tokenizer.RobertaTokenizer;
import io.longspan.training.config.Guessing;
import io.longspan.training.config.Objective;
import io.longspan.training.config.TrainingConfig;
import io.longspan.training.data.Cut;
import io.longspan.training.data.DataCheck;
import io.longspan.training.data.Sequences;
import io.longspan.training.data.TokenSource;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Makes the feed of a run that reads a data set. */
public final class Feeds {
    private Feeds() {}

    /**
     * The feed of the objective.
     *
     * @param data one for each data set of the configuration, or one where it names none
     * @param source folder of the checkpoint, for its tokenizer
     * @throws ModelInputException when model, data and settings do not fit each other
     */
    public static Feed stream(
            TrainingConfig config, List<TokenSource> data, TaskSetup setup, Path source) {
        for (int s = 0; s < data.size(); s++) {
            try {
                DataCheck.vocabulary(data.get(s), setup.config());
                DataCheck.tokenizer(data.get(s), source);
            } catch (ModelInputException e) {
                throw Sequences.named(config.data(), s, e);
            }
        }
        return feed(config, Sequences.of(data, cut(config), config), setup, source);
    }

    /**
     * A feed that only measures, on blocks of the whole data set.
     *
     * @param source folder of the checkpoint, for its tokenizer
     * @throws ModelInputException when model, data and settings do not fit each other
     */
    public static StreamFeed measuring(
            TrainingConfig config, TokenSource data, TaskSetup setup, Path source) {
        DataCheck.vocabulary(data, setup.config());
        DataCheck.tokenizer(data, source);
        return feed(config, Sequences.allHeldOut(data, cut(config), config), setup, source);
    }

    private static Cut cut(TrainingConfig config) {
        return config.objective() == Objective.CAUSAL_LM
                ? CausalBatches.cut(config)
                : MaskedBatches.cut(config);
    }

    private static StreamFeed feed(
            TrainingConfig config, Sequences sequences, TaskSetup setup, Path source) {
        BlockBatches batches =
                config.objective() == Objective.CAUSAL_LM
                        ? new CausalBatches(
                                sequences, setup, config, blocks -> characters(source, blocks))
                        : new MaskedBatches(
                                sequences, setup, masking(config, setup.config(), source), config);
        return new StreamFeed(config, batches, sequences);
    }

    /** Code points that tokens stand for; special ones stand for none. */
    private static long characters(Path source, List<int[]> blocks) {
        if (!Files.exists(source.resolve("vocab.json"))
                && !Files.exists(source.resolve("tokenizer.json"))) {
            return 0;
        }
        try (RobertaTokenizer tokenizer = RobertaTokenizer.open(source)) {
            return blocks.stream()
                    .map(tokens -> tokenizer.decode(tokens, true))
                    .mapToLong(text -> text.codePointCount(0, text.length()))
                    .sum();
        }
    }

    private static Masking masking(TrainingConfig config, LongformerConfig model, Path source) {
        int vocabulary = model.vocabSize();
        Guessing guessing = config.guessing();
        int mask = guessing.maskTokenId() >= 0 ? guessing.maskTokenId() : tokenizerMask(source);
        if (mask >= vocabulary) {
            throw new ModelInputException(
                    "the mask token's id is "
                            + mask
                            + " and the model knows 0 to "
                            + (vocabulary - 1)
                            + "; put the model's own tokenizer beside it or set 'mask_token_id'");
        }
        return new Masking(
                config.seed(),
                guessing.share(),
                guessing.maskShare(),
                guessing.randomShare(),
                mask,
                vocabulary);
    }

    private static int tokenizerMask(Path model) {
        try (RobertaTokenizer tokenizer = RobertaTokenizer.open(model)) {
            return tokenizer.special().mask();
        } catch (ModelInputException e) {
            throw new ModelInputException(
                    "the id of the mask token is not known, for there is no tokenizer to ask ("
                            + e.getMessage()
                            + "); put one into the model's folder or set 'mask_token_id'",
                    e);
        }
    }
}
