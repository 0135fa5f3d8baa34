package io.longspan.attention.testkit.cases;

/** How the numbers of a case are drawn. */
public enum InputKind {
    /** Standard normal query, key, value and output gradient. */
    NORMAL(0, 0),
    /** Whole numbers that give exact scores of up to some +-80, so nearly one-hot softmaxes. */
    STEEP(4, 0),
    /** Whole numbers that give exact scores near +10,000: exp overflows unless the top is taken. */
    HIGH(1, 100),
    /** The same near -10,000: exp underflows, and a fill of -10,000 is no exclusion. */
    LOW(1, -100);

    private final int largest;
    private final int common;

    InputKind(int largest, int common) {
        this.largest = largest;
        this.common = common;
    }

    /** Whether scores are whole multiples of the scale, the same in every order of summation. */
    public boolean exactScores() {
        return largest > 0;
    }

    /** Whether all scores of the case lie near one large number. */
    public boolean commonOffset() {
        return common != 0;
    }

    int largest() {
        return largest;
    }

    /** First component of every key; every query has |common|, so their product is the offset. */
    int common() {
        return common;
    }
}
