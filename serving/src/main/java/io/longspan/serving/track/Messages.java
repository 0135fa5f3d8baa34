package io.longspan.serving.track;

import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * Messages of one direction of a call, each behind its length in four bytes, as far as there is
 * room; the last of them may be cut. Thread-safe.
 */
final class Messages {
    private static final byte[] NONE = {};
    private static final int LENGTH = 4;
    private static final int FIRST = 1024;

    private final int most;
    private byte[] bytes = NONE;
    private int used;
    private long size;
    private boolean full;

    /**
     * None yet.
     *
     * @param most bytes that are kept; 0 keeps nothing
     */
    Messages(int most) {
        this.most = most;
    }

    synchronized void add(byte[] message) {
        if (most == 0) {
            return;
        }
        size += message.length;
        int fits = Math.min(message.length, most - used - LENGTH);
        // No later message is kept where an earlier one is not, or not whole.
        if (full || fits < 0) {
            full = true;
            return;
        }
        full = fits < message.length;
        ensure(used + LENGTH + fits);
        ByteBuffer.wrap(bytes, used, LENGTH + fits).putInt(message.length).put(message, 0, fits);
        used += LENGTH + fits;
    }

    private void ensure(int length) {
        if (length > bytes.length) {
            int grown = Math.max(FIRST, Math.max(length, bytes.length * 2));
            bytes = Arrays.copyOf(bytes, Math.min(most, grown));
        }
    }

    /** What is kept. */
    synchronized byte[] kept() {
        return Arrays.copyOf(bytes, used);
    }

    /** Bytes of all messages, those that found no room included. */
    synchronized long size() {
        return size;
    }
}
