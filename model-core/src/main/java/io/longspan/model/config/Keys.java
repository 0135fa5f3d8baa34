package io.longspan.model.config;

/** Keys of {@code config.json}. */
final class Keys {
    static final String MODEL_TYPE = "model_type";
    static final String VOCAB = "vocab_size";
    static final String HIDDEN = "hidden_size";
    static final String LAYERS = "num_hidden_layers";
    static final String HEADS = "num_attention_heads";
    static final String INTERMEDIATE = "intermediate_size";
    static final String ACTIVATION = "hidden_act";
    static final String HIDDEN_DROPOUT = "hidden_dropout_prob";
    static final String ATTENTION_DROPOUT = "attention_probs_dropout_prob";
    static final String POSITIONS = "max_position_embeddings";
    static final String TYPES = "type_vocab_size";
    static final String INITIALIZER = "initializer_range";
    static final String EPS = "layer_norm_eps";
    static final String PAD = "pad_token_id";
    static final String BOS = "bos_token_id";
    static final String EOS = "eos_token_id";
    static final String SEP = "sep_token_id";
    static final String WINDOW = "attention_window";
    static final String TIED = "tie_word_embeddings";
    static final String ARCHITECTURES = "architectures";
    static final String ID_TO_LABEL = "id2label";
    static final String LABEL_TO_ID = "label2id";
    static final String LABEL_COUNT = "num_labels";
    static final String PROBLEM = "problem_type";

    static final String WINDOW_PER_HEAD = "attention_window_per_head";
    static final String REACH_PER_HEAD = "attention_reach_per_head";
    static final String DILATION_PER_HEAD = "attention_dilation_per_head";
    static final String CAUSAL = "causal";
    static final String OFFSET_BIAS = "offset_bias";
    static final String PRE_LAYER_NORM = "pre_layer_norm";

    static final String ORIGINAL_DILATION = "attention_dilation";
    static final String ORIGINAL_MODE = "attention_mode";
    static final String ORIGINAL_CAUSAL = "autoregressive";

    private Keys() {}
}
