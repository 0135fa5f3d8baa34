/**
 * The bridge between NDArrays and raw memory.
 *
 * <p>DJL hands out tensor data only as a ByteBuffer, which is a copy and ends at 2 GiB. libtorch
 * exports a stable C interface (functions named {@code aoti_torch_*}); called through the foreign
 * function interface with the native handle of a DJL array it tells where the elements of any
 * tensor lie. {@link io.longspan.model.tensor.TensorBridge} is the only door.
 */
@NullMarked
package io.longspan.model.tensor;

import org.jspecify.annotations.NullMarked;
