/**
 * Attention on NVIDIA GPUs.
 *
 * <p>{@link io.longspan.attention.cuda.CudaAttentionProvider} asks {@link
 * io.longspan.attention.cuda.CudaProbe} what stands between this machine and the backend, and makes
 * a {@link io.longspan.attention.cuda.CudaAttention}. That cuts a batch into items ({@link
 * io.longspan.attention.cuda.WorkList}), keeps them on the device in a plan, and starts the kernels
 * of {@code src/main/cuda} with one struct ({@link io.longspan.attention.cuda.CallLayout}). {@link
 * io.longspan.attention.cuda.Gpu} is the only way to the device: one thread at a time, one stream,
 * failed for good after an error that the driver does not survive. Everything goes through the
 * driver library (libcuda, not the toolkit) by the foreign function interface; the kernels are in
 * the jar as PTX ({@link io.longspan.attention.cuda.Images}), which the driver compiles.
 */
@NullMarked
package io.longspan.attention.cuda;

import org.jspecify.annotations.NullMarked;
