package io.longspan.training.data;

import io.longspan.model.ModelInputException;
import io.longspan.model.config.GlobalPolicy;
import io.longspan.model.config.LongformerConfig;
import io.longspan.model.convert.TokenizerCopy;
import io.longspan.model.tokenizer.CorpusTokenizer;
import io.longspan.training.config.TrainingConfig;
import java.nio.file.Files;
import java.nio.file.Path;

/** Whether a data set fits a model. */
public final class DataCheck {
    private static final int PIECE = 1 << 20;

    private DataCheck() {}

    /**
     * Refuses a data set that another tokenizer made.
     *
     * @throws ModelInputException naming the vocabularies or the first id that the model does not
     *     know
     */
    public static void vocabulary(TokenSource data, LongformerConfig model) {
        if (data.vocabulary() > model.vocabSize()) {
            throw new ModelInputException(
                    "the data set was made with a vocabulary of "
                            + data.vocabulary()
                            + " ids and the model has "
                            + model.vocabSize()
                            + "; make the data set again with the model's tokenizer");
        }
        if (data.separator() >= 0 && data.separator() != model.ids().eos()) {
            throw new ModelInputException(
                    "the data set ends its documents with id "
                            + data.separator()
                            + " and the model its sequences with "
                            + model.ids().eos()
                            + "; make the data set again with the model's tokenizer");
        }
        if (data.vocabulary() > 0) {
            return;
        }
        for (long at = 0; at < data.tokens(); at += PIECE) {
            int[] ids = data.read(at, (int) Math.min(PIECE, data.tokens() - at));
            for (int i = 0; i < ids.length; i++) {
                if (ids[i] < 0 || ids[i] >= model.vocabSize()) {
                    throw new ModelInputException(
                            "the data set holds id "
                                    + ids[i]
                                    + " at token "
                                    + (at + i)
                                    + " and the model knows 0 to "
                                    + (model.vocabSize() - 1)
                                    + "; make the data set again with the model's tokenizer");
                }
            }
        }
    }

    /**
     * Refuses a data set that another tokenizer made than the one beside the model, where both are
     * known.
     *
     * @param folder of the model
     * @throws ModelInputException naming both
     */
    public static void tokenizer(TokenSource data, Path folder) {
        if (data.tokenizerDigest().isEmpty()
                || TokenizerCopy.names().stream()
                        .noneMatch(name -> Files.exists(folder.resolve(name)))) {
            return;
        }
        String own = CorpusTokenizer.open(folder).digest();
        if (!own.equals(data.tokenizerDigest())) {
            throw new ModelInputException(
                    "the data set was made with another tokenizer (digest "
                            + shortened(data.tokenizerDigest())
                            + ") than that of '"
                            + folder
                            + "' (digest "
                            + shortened(own)
                            + "); make the data set again with the model's tokenizer");
        }
    }

    private static String shortened(String digest) {
        return digest.substring(0, Math.min(12, digest.length()));
    }

    /**
     * Refuses blocks that the model cannot read.
     *
     * @throws ModelInputException when they are longer than its position table
     */
    public static void length(TrainingConfig config, LongformerConfig model) {
        if (config.sequenceLength() > model.usablePositions()) {
            throw new ModelInputException(
                    "training setting 'sequence_length' is "
                            + config.sequenceLength()
                            + " and the model reads up to "
                            + model.usablePositions()
                            + " tokens; lower it, or convert the checkpoint with more --positions");
        }
        GlobalPolicy globals = config.globalTokens();
        if (globals != null && globals != GlobalPolicy.Named.NONE && !model.hasGlobalAttention()) {
            throw new ModelInputException(
                    "training setting 'global_tokens' is "
                            + globals.key()
                            + " and a model of type "
                            + model.modelType().key()
                            + " has no global attention; set it to none, or convert the checkpoint first");
        }
    }
}
