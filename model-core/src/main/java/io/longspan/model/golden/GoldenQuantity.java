package io.longspan.model.golden;

/** What is measured of a run on one sequence. */
public enum GoldenQuantity {
    /** One value of the first token's last hidden state, by its index. */
    FIRST_STATE,
    /** Sum of all values of the last hidden states. */
    STATE_SUM,
    /** Mean of all values of the last hidden states. */
    STATE_MEAN,
    /** Mean cross-entropy of the masked language model when every token is its own label. */
    LOSS,
    /** Sum of all the language model's scores. */
    LOGIT_SUM,
    /** Mean of all the language model's scores. */
    LOGIT_MEAN;

    /** Whether it takes the language-model head. */
    public boolean ofHead() {
        return this == LOSS || this == LOGIT_SUM || this == LOGIT_MEAN;
    }
}
