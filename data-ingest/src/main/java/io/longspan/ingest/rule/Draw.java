package io.longspan.ingest.rule;

import io.longspan.corpus.DiskFiles;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;

/** Draws by the hash of a document's key: the same in each run, and over parts of a source. */
final class Draw {
    private Draw() {}

    /**
     * A number below {@code bound}.
     *
     * @param purpose draws for different purposes do not go together
     */
    static int below(int bound, String purpose, String key) {
        MessageDigest digest = DiskFiles.sha256();
        digest.update((purpose + '\0' + key).getBytes(StandardCharsets.UTF_8));
        return (int) Long.remainderUnsigned(ByteBuffer.wrap(digest.digest()).getLong(), bound);
    }
}
