package io.longspan.attention.cuda;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.zip.GZIPInputStream;
import org.jspecify.annotations.Nullable;

/**
 * The compiled kernels in the jar, compressed: PTX text, which the driver compiles for its device
 * and keeps in its own cache, and cubins for some devices, which it runs as they are.
 */
final class Images {
    /** Kernels in ordinary arithmetic, for any device. */
    static final String FFMA = "ffma-";

    /** Kernels on tensor cores, from compute capability 8.0 on. */
    static final String MMA = "mma-";

    /** The forward kernel for compute capability 9.0. */
    static final String HOPPER = "hopper-";

    private Images() {}

    static byte[] ptx(String image) {
        String resource = "images/" + image + ".ptx.gz";
        byte[] text = read(resource);
        if (text == null) {
            throw new IllegalStateException(
                    "the jar lacks the kernel image '" + resource + "'; it was built wrongly");
        }
        return text;
    }

    /** The image for a compute capability, 90 for 9.0; null where the jar has none. */
    static byte @Nullable [] cubin(String image, int capability) {
        return read("images/" + image + ".sm_" + capability + ".cubin.gz");
    }

    private static byte @Nullable [] read(String resource) {
        try (InputStream in = Images.class.getResourceAsStream(resource)) {
            if (in == null) {
                return null;
            }
            try (GZIPInputStream text = new GZIPInputStream(in)) {
                return text.readAllBytes();
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read the kernel image '" + resource + "'", e);
        }
    }
}
