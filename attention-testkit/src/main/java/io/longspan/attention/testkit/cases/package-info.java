/**
 * What is tried: named cases at every border of the contract, and random ones from a seed.
 *
 * <p>A case says what is asked and how its numbers are drawn; the same name and seed give the same
 * numbers on every machine. The system property {@code testkit.seed} changes the numbers of all
 * cases, {@code testkit.random} the count of random cases.
 */
@NullMarked
package io.longspan.attention.testkit.cases;

import org.jspecify.annotations.NullMarked;
