package io.longspan.model.inspect;

/**
 * A token that a row attends to.
 *
 * @param position index in the sequence, from 0
 * @param weight its share of the row, above 0 up to 1
 */
public record AttendedKey(int position, float weight) {}
