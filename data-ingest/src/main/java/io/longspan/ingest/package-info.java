/**
 * Corpora into token shards, exactly once.
 *
 * <p>{@link io.longspan.ingest.Ingest} runs an {@link io.longspan.ingest.IngestRequest} as a Spring
 * Batch job of three steps. {@code plan} lists the source, takes a digest of every file and decides
 * from that alone where shards begin; the plan is kept in the hidden folder {@code .ingest} of the
 * output. {@code shards} has one partition for each shard: read, decode, normalise, tokenise,
 * write. {@code publish} checks what is there and writes the manifest and the row of the data set.
 *
 * <p>The shard is the atom. Before a shard becomes visible a receipt with its counts is written
 * beside the plan; a restart skips the shards that are there and begins the others anew, so nothing
 * is lost or repeated, and the bytes do not depend on who did what when. One process at a time
 * writes into a folder: it holds the lock on the file {@code .lock}, which is how it knows that the
 * owner of an execution that looks alive in the database is dead.
 *
 * <p>{@link io.longspan.ingest.IngestJobs} reads what the jobs have noted in the store.
 */
@NullMarked
package io.longspan.ingest;

import org.jspecify.annotations.NullMarked;
