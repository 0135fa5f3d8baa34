package io.longspan.model.config;

import io.longspan.model.ModelInputException;
import java.util.List;

/** Rules between a model's family and what its layers see. */
final class AttentionChecks {
    private AttentionChecks() {}

    static void shape(ModelType type, List<LayerAttention> attention, int layers, int heads) {
        int expected = type.dense() ? 0 : layers;
        if (attention.size() != expected) {
            throw new ModelInputException(
                    "attention_window has "
                            + attention.size()
                            + " entries; model_type "
                            + type.key()
                            + " with num_hidden_layers "
                            + layers
                            + " needs "
                            + expected);
        }
        for (int i = 0; i < attention.size(); i++) {
            int found = attention.get(i).heads();
            if (found != heads) {
                throw new ModelInputException(
                        "layer "
                                + i
                                + " has windows or dilations for "
                                + found
                                + " heads; num_attention_heads is "
                                + heads
                                + ", so give "
                                + heads);
            }
        }
    }

    static void extensions(
            ModelType type,
            List<LayerAttention> attention,
            boolean causal,
            boolean offsetBias,
            boolean preLayerNorm) {
        if (type == ModelType.LONGSPAN) {
            if (causal) {
                attention.forEach(AttentionChecks::lookBack);
            }
            return;
        }
        boolean dilated = attention.stream().anyMatch(LayerAttention::dilated);
        boolean perHead = attention.stream().anyMatch(layer -> !layer.sameWindow());
        boolean lopsided = attention.stream().anyMatch(layer -> !layer.symmetric());
        refuse(type, causal, Keys.CAUSAL);
        refuse(type, offsetBias, Keys.OFFSET_BIAS);
        refuse(type, preLayerNorm, Keys.PRE_LAYER_NORM);
        refuse(type, dilated, Keys.DILATION_PER_HEAD);
        refuse(type, perHead, Keys.WINDOW_PER_HEAD);
        refuse(type, lopsided, Keys.REACH_PER_HEAD);
    }

    private static void lookBack(LayerAttention layer) {
        for (int h = 0; h < layer.heads(); h++) {
            int right = layer.right().get(h);
            if (right != 0 && right != layer.left().get(h)) {
                throw new ModelInputException(
                        "head "
                                + h
                                + " has attention reach ["
                                + layer.left().get(h)
                                + ", "
                                + right
                                + "] and the model is causal; the reach to the right must be 0");
            }
        }
    }

    private static void refuse(ModelType type, boolean used, String key) {
        if (used) {
            throw new ModelInputException(
                    "model_type is "
                            + type.key()
                            + " and the model uses "
                            + key
                            + ", which only model_type longspan has; set model_type to longspan");
        }
    }
}
