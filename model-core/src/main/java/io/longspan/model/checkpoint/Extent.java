package io.longspan.model.checkpoint;

/**
 * A tensor and where its values lie.
 *
 * @param info what it is
 * @param begin first byte, counted from the end of the header
 * @param end first byte after it
 */
record Extent(TensorInfo info, long begin, long end) {}
