/**
 * The files that tokenised corpora are stored in.
 *
 * <p>A data set is a folder with shards and one manifest. A shard is a pair of files in the layout
 * of Megatron's indexed data sets: {@code NAME.bin} holds the token ids back to back, {@code
 * NAME.idx} says where each document begins. A shard exists exactly when its index exists: {@link
 * io.longspan.corpus.ShardWriter} puts the index in its place last, {@link
 * io.longspan.corpus.ShardReader} refuses everything that is not as it should be. The {@link
 * io.longspan.corpus.DataSetManifest} names the shards with their digests and says how they were
 * made. The same documents and settings give the same bytes: no time, machine or worker is in any
 * file.
 *
 * <p>Bad files give a {@link io.longspan.corpus.CorpusFormatException}, a failing disk an {@link
 * java.io.UncheckedIOException}, a mistake of the caller one of the JDK's unchecked exceptions.
 */
@NullMarked
package io.longspan.corpus;

import org.jspecify.annotations.NullMarked;
