package io.longspan.model.encoder;

import ai.djl.ndarray.BaseNDManager;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.pytorch.engine.PtNDArray;
import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;

/** Counts the float32 arrays of a manager and of those below it; shared memory counts once. */
final class LiveBytes {
    private LiveBytes() {}

    static long of(NDManager manager) {
        Map<Long, Long> byAddress = new HashMap<>();
        add(manager, byAddress);
        return byAddress.values().stream().mapToLong(Long::longValue).sum();
    }

    private static void add(NDManager manager, Map<Long, Long> byAddress) {
        for (Object resource : resources(manager)) {
            if (resource instanceof NDManager below) {
                add(below, byAddress);
            } else if (resource instanceof NDArray array
                    && array.getDataType() == DataType.FLOAT32
                    && array.getShape().dimension() > 0) {
                byAddress.merge(address(array), Float.BYTES * array.getShape().size(), Math::max);
            }
        }
    }

    /** Of any array; the bridge shows only those that a kernel can read. */
    private static long address(NDArray array) {
        try {
            Class<?> library = Class.forName("io.longspan.model.tensor.LibTorch");
            Method open = library.getDeclaredMethod("library");
            Method address = library.getDeclaredMethod("dataAddress", long.class);
            open.setAccessible(true);
            address.setAccessible(true);
            return (long) address.invoke(open.invoke(null), ((PtNDArray) array).getHandle());
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
        }
    }

    /** DJL tells of a manager's arrays but not of the managers below it. */
    private static Collection<?> resources(NDManager manager) {
        try {
            Field field = BaseNDManager.class.getDeclaredField("resources");
            field.setAccessible(true);
            return ((Map<?, ?>) field.get(manager)).values();
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
        }
    }
}
