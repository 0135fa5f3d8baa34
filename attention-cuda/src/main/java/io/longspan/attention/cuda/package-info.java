/**
 * Attention on NVIDIA GPUs.
 *
 * <p>So far the package answers one question: what stands between this machine and a CUDA backend?
 * {@link io.longspan.attention.cuda.CudaAttentionProvider} asks {@link
 * io.longspan.attention.cuda.CudaProbe}, which calls the driver (libcuda, not the toolkit) through
 * the foreign function interface and reports the first obstacle by name. The kernels come in a
 * later version; until then the last obstacle is always that they are missing.
 */
@NullMarked
package io.longspan.attention.cuda;

import org.jspecify.annotations.NullMarked;
