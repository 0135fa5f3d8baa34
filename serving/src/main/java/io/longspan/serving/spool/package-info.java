/**
 * The way of a tracked inference from the answer to the database.
 *
 * <p>{@link io.longspan.serving.spool.Spool} appends each row to checksummed files in a folder of
 * this process before the answer goes out, so that a row survives {@code kill -9} and a database
 * that is away. {@link io.longspan.serving.spool.SpoolDrainer} moves rows to the database in
 * batches, in the background; a row that is moved twice is harmless, since the database keeps the
 * first. Folders of processes that died are taken over at the next start, torn tails are cut.
 *
 * <p>Rows are in the page cache of the operating system when the answer goes out, not on the disk:
 * they outlive the process, but a power failure may take the last moments with it.
 */
@NullMarked
package io.longspan.serving.spool;

import org.jspecify.annotations.NullMarked;
