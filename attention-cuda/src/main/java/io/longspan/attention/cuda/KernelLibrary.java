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

    private final Driver driver;
    private final Map<String, MemorySegment> modules = new HashMap<>();
    private final Map<String, MemorySegment> functions = new HashMap<>();

    KernelLibrary(Driver driver) {
        this.driver = driver;
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
            byte[] text = Images.ptx(image);
            try (Arena arena = Arena.ofConfined()) {
                // The driver looks for the zero byte that ends the text.
                MemorySegment memory = arena.allocate(text.length + 1L);
                memory.copyFrom(MemorySegment.ofArray(text));
                known = driver.load(image, memory);
            }
            modules.put(image, known);
        }
        return known;
    }

    void close() {
        functions.clear();
        modules.values().forEach(driver::unload);
        modules.clear();
    }
}
