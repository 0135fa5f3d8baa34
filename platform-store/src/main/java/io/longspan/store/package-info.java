/**
 * What the platform remembers, in PostgreSQL.
 *
 * <p>{@link io.longspan.store.Store} opens a database, brings its schema up to date and hands out
 * one repository per subject: {@code dataset}, {@code work} (the queue that carries ingest and
 * training), {@code run}, {@code model}, {@code inference}, {@code node}, {@code user}, {@code
 * audit}. The database is an external one by URL, or the embedded server of {@code embedded} for
 * demonstrations and tests. Repositories are thread-safe, hold no state and speak SQL through
 * {@code JdbcClient}; a database that is away is a {@link
 * io.longspan.store.StoreUnavailableException} when opening and Spring's {@code
 * DataAccessException} afterwards.
 */
@NullMarked
package io.longspan.store;

import org.jspecify.annotations.NullMarked;
