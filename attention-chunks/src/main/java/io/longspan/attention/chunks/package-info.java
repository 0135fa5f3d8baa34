/**
 * Attention as batched matrix products over overlapping chunks.
 *
 * <p>{@link io.longspan.attention.chunks.ChunkCutter} cuts every sequence into chunks of
 * neighbouring query rows, each with the range of keys that its rows can reach. {@link
 * io.longspan.attention.chunks.Tile}s are chunks of like size that are computed together, and small
 * enough for the processor's caches: {@link io.longspan.attention.chunks.TileIndex} says which rows
 * of query, key and value they take and which scores are hidden, {@link
 * io.longspan.attention.chunks.TileAttention} multiplies. The global keys of a sequence are
 * appended to the keys of each of its chunks, so one softmax covers both.
 *
 * <p>Memory grows with T * (chunk + 2 * window + G), with or without gradients, never with T * T.
 * The idea of overlapping chunks is that of the original Longformer (arXiv 2004.05150, appendix A).
 */
@NullMarked
package io.longspan.attention.chunks;

import org.jspecify.annotations.NullMarked;
