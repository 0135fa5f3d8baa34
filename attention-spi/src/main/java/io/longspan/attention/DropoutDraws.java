package io.longspan.attention;

/**
 * The numbers behind the mask of one sequence and head, for code that draws many factors at once.
 * {@link DropoutMask} has the definition that such code has to reproduce bit for bit.
 *
 * @param key of the generator
 * @param counter2 third word of the counter; the first two are the block of keys and the row
 * @param counter3 fourth word of the counter
 * @param threshold a probability whose 16 bits lie below it is dropped
 * @param keepScale factor on the others
 */
public record DropoutDraws(long key, int counter2, int counter3, int threshold, float keepScale) {}
