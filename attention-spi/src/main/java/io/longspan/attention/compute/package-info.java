/**
 * The threads that compute in this process, and whose turn it is.
 *
 * <p>A CPU is fast when one job has all of its cores: two jobs at once push each other's weights
 * and panels out of the caches. So a process has one {@link
 * io.longspan.attention.compute.ComputeCrew}, made and closed by whoever owns the process, and
 * handed to attention backends ({@link io.longspan.attention.BackendContext}) and to the linear
 * layers of models. Jobs take turns in the order of their coming. Work on threads of a library of
 * its own, as libtorch's, holds a turn meanwhile.
 */
@NullMarked
package io.longspan.attention.compute;

import org.jspecify.annotations.NullMarked;
