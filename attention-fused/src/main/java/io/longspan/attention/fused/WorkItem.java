package io.longspan.attention.fused;

/**
 * What one thread does at a stretch, alone: nothing it writes is written by another item.
 *
 * @param strip whose rows, or keys, it owns
 * @param first position owned
 * @param end one past the last position owned
 */
record WorkItem(Strip strip, int first, int end) {}
