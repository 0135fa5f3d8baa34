/**
 * Files of documents in, files of answers out, without a server.
 *
 * <p>{@link io.longspan.model.bulk.BulkRun} reads a {@link io.longspan.model.bulk.BulkInput} block
 * by block, packs the windows of a block's texts into batches of similar length, asks a {@link
 * io.longspan.model.bulk.BulkTask} and appends the answers, in the order of the input, to a {@link
 * io.longspan.model.bulk.BulkOutput}. Where blocks end depends on the input alone, and a run goes
 * on at the end of a block: so a run that was killed anywhere computes the same batches again and
 * writes the same bytes. JSON lines are read here; other formats are brought by whoever implements
 * the ports {@code BulkInput} and {@link io.longspan.model.bulk.BulkPublisher}.
 */
@NullMarked
package io.longspan.model.bulk;

import org.jspecify.annotations.NullMarked;
