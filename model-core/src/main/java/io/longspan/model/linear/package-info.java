/**
 * Linear layers of inference at the speed of the CPU: y = x Wt + b, with GELU or a residual added
 * on the way out.
 *
 * <p>{@link io.longspan.model.linear.LinearKernels} is opened once per process or session; it packs
 * weights into the layout that the CPU's kernels read ({@link
 * io.longspan.model.linear.PackedLinear}) and runs them on a crew of its own threads. The products
 * are oneDNN's, compiled for this very CPU; where they cannot be had, DJL's linear does the work
 * and the reason is in the report and in the log. Inputs and outputs are float32 in memory that the
 * caller owns; bfloat16 and int8 are inside only. Rows are cut into tiles of fixed heights, so an
 * answer depends neither on the rows beside it nor on the number of threads.
 *
 * <p>Training has {@link io.longspan.model.linear.MatrixProducts} instead: products of matrices as
 * they lie, for weights that change with every step.
 */
@NullMarked
package io.longspan.model.linear;

import org.jspecify.annotations.NullMarked;
