package io.longspan.attention.cuda;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.zip.GZIPInputStream;

/**
 * The compiled kernels in the jar: PTX text, compressed. The driver compiles it for its device and
 * keeps the result in its own cache.
 */
final class Images {
    /** Kernels in ordinary arithmetic, for any device. */
    static final String FFMA = "ffma-";

    /** Kernels on tensor cores, from compute capability 8.0 on. */
    static final String MMA = "mma-";

    private Images() {}

    static byte[] ptx(String image) {
        String resource = "images/" + image + ".ptx.gz";
        try (InputStream in = Images.class.getResourceAsStream(resource)) {
            if (in == null) {
                throw new IllegalStateException(
                        "the jar lacks the kernel image '" + resource + "'; it was built wrongly");
            }
            try (GZIPInputStream text = new GZIPInputStream(in)) {
                return text.readAllBytes();
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read the kernel image '" + resource + "'", e);
        }
    }
}
