/**
 * What the kit itself is tested with: a plain kernel that is right, the same kernel with one flaw
 * switched on, and the like built of NDArrays.
 */
@NullMarked
package io.longspan.attention.testkit.mutant;

import org.jspecify.annotations.NullMarked;
