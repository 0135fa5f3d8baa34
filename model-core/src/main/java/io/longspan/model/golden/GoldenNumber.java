package io.longspan.model.golden;

/**
 * A number that is known.
 *
 * @param quantity what it is of
 * @param index which value, for {@link GoldenQuantity#FIRST_STATE}; else 0
 * @param expected its value
 * @param tolerance largest absolute difference that rounding and the order of sums explain
 */
public record GoldenNumber(GoldenQuantity quantity, int index, double expected, double tolerance) {}
