package io.longspan.model.linear;

/**
 * What a linear layer is, without its numbers.
 *
 * @param in numbers of a row of the input
 * @param out numbers of a row of the output
 * @param precision of the products
 * @param finish before a row is written
 */
record LinearShape(int in, int out, LinearPrecision precision, Finish finish) {
    /** What oneDNN finishes with: nothing for int8, where {@link RowFinisher} does it all. */
    Finish finishInside() {
        return precision == LinearPrecision.INT8 ? Finish.PLAIN : finish;
    }

    @Override
    public String toString() {
        return in + " to " + out + " (" + precision + ", " + finish + ")";
    }
}
