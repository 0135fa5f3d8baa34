package io.longspan.attention.cuda;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.HashMap;
import java.util.Map;

/** The kernels of one device, each image loaded when its first kernel is asked for. */
final class KernelLibrary {
    /**
     * A kernel may use 48 KB of shared memory without asking, what its source declares included;
     * the sources declare less than the difference.
     */
    private static final int USUAL_SHARED = 40 * 1024;

    /** CUDA 13.0, the version of the compiler that made the cubins. */
    private static final int CUBIN_DRIVER = 13000;

    private static final System.Logger LOG = System.getLogger(KernelLibrary.class.getName());

    private final Driver driver;
    private final int capability;
    private final int driverVersion;
    private final Map<String, MemorySegment> modules = new HashMap<>();
    private final Map<String, MemorySegment> functions = new HashMap<>();

    KernelLibrary(Driver driver, int capability, int driverVersion) {
        this.driver = driver;
        this.capability = capability;
        this.driverVersion = driverVersion;
    }

    MemorySegment function(String image, Launch launch) {
        String key = image + "/" + launch.kernel();
        MemorySegment known = functions.get(key);
        if (known == null) {
            known = driver.function(module(image), launch.kernel());
            if (launch.sharedBytes() > USUAL_SHARED) {
                driver.allowShared(known, launch.kernel(), launch.sharedBytes());
            }
            functions.put(key, known);
        }
        return known;
    }

    private MemorySegment module(String image) {
        MemorySegment known = modules.get(image);
        if (known == null) {
            known = load(image);
            modules.put(image, known);
        }
        return known;
    }

    /** The cubin for exactly this device where driver and jar allow it, else the text. */
    private MemorySegment load(String image) {
        byte[] cubin = driverVersion < CUBIN_DRIVER ? null : Images.cubin(image, capability);
        if (cubin != null) {
            try {
                return load(image + ".sm_" + capability, cubin);
            } catch (CudaException e) {
                if (e.isSticky() || e.status() == CudaException.OUT_OF_MEMORY) {
                    throw e;
                }
                LOG.log(
                        System.Logger.Level.WARNING,
                        "the driver compiles kernel image ''{0}'' itself: {1}",
                        image,
                        e.getMessage());
            }
        }
        return load(image, Images.ptx(image));
    }

    private MemorySegment load(String name, byte[] image) {
        try (Arena arena = Arena.ofConfined()) {
            // The driver looks for the zero byte that ends a text.
            MemorySegment memory = arena.allocate(image.length + 1L, Long.BYTES);
            memory.copyFrom(MemorySegment.ofArray(image));
            return driver.load(name, memory);
        }
    }

    void close() {
        functions.clear();
        modules.values().forEach(driver::unload);
        modules.clear();
    }
}
