/**
 * Tokenised corpora on disk.
 *
 * <p>A data set is a folder of shards and one {@code manifest.json}. A shard is three files: the
 * tokens ({@code .bin}) and their index ({@code .idx}) in Megatron's layout, one sequence for each
 * document, and one row of provenance for each document ({@code .meta.parquet}). {@link
 * io.longspan.corpus.ShardWriter} writes a shard, {@link io.longspan.corpus.Manifest} closes a data
 * set, {@link io.longspan.corpus.DataSet} reads it, memory-mapped.
 *
 * <p>Everything is written under hidden names beside its final ones, forced to disk, read back, and
 * renamed. Of a shard the index is renamed last, so a shard exists as soon as its index does; of a
 * data set the manifest comes last. Nothing written here holds a time, a host or an absolute path:
 * the same documents give the same bytes.
 */
@NullMarked
package io.longspan.corpus;

import org.jspecify.annotations.NullMarked;
