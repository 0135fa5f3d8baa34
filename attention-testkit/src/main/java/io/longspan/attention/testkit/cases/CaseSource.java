package io.longspan.attention.testkit.cases;

import io.longspan.attention.Philox;

/**
 * Starts cases: the seed of each follows from the run's seed and the case's name, so adding a case
 * changes no other.
 *
 * @param seed of the run
 * @param headSize used where the case does not care
 */
record CaseSource(long seed, int headSize) {
    private static final int NAMED = 11;

    CaseBuilder named(String name) {
        return new CaseBuilder(name, Philox.derive(seed, name.hashCode(), NAMED), headSize);
    }
}
