package io.longspan.model.config;

import io.longspan.model.ModelInputException;
import io.longspan.model.Quoted;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What marks a file of the original repository (allenai/longformer), whose windows count one side.
 *
 * @param present whether the file is of that flavour
 * @param causal whether it says {@code autoregressive: true}
 */
record OriginalFlavour(boolean present, boolean causal) {
    private static final List<String> MODES = List.of("tvm", "sliding_chunks", "n2");

    static OriginalFlavour of(JsonFields fields) {
        String mode = fields.text(Keys.ORIGINAL_MODE);
        boolean named = mode != null && !mode.equals("longformer");
        if (named) {
            check(mode);
        }
        return new OriginalFlavour(
                named || fields.has(Keys.ORIGINAL_DILATION),
                fields.flag(Keys.ORIGINAL_CAUSAL, false));
    }

    void refuseIn(ModelType type) {
        if (present || causal) {
            throw new ModelInputException(
                    "model_type "
                            + type.key()
                            + " does not take attention_dilation, attention_mode or autoregressive;"
                            + " use attention_dilation_per_head and causal");
        }
    }

    private static void check(@Nullable String mode) {
        if ("sliding_chunks_no_overlap".equals(mode)) {
            throw new ModelInputException(
                    "attention_mode is 'sliding_chunks_no_overlap', where a token's window depends"
                            + " on its place in a block, which no backend computes; use a checkpoint"
                            + " of mode tvm, sliding_chunks or n2");
        }
        if (mode != null && !MODES.contains(mode)) {
            throw new ModelInputException(
                    "attention_mode is "
                            + Quoted.of(mode)
                            + "; it must be longformer, tvm, sliding_chunks or n2");
        }
    }
}
