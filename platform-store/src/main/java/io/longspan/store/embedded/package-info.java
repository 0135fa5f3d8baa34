/**
 * A real PostgreSQL server of the working folder, for demonstrations and tests.
 *
 * <p>PostgreSQL's programs come as an archive in a jar and are unpacked once per user. The
 * processes that work in one folder share one server without a supervisor: starts and stops take
 * turns by a lock on a file, each user holds a lock on a file of its own for as long as it lives,
 * and whoever finds no other user's lock held stops the server. PostgreSQL listens on loopback
 * only, asks for a random password that lies in the folder for its owner, and keeps {@code fsync}
 * on.
 */
@NullMarked
package io.longspan.store.embedded;

import org.jspecify.annotations.NullMarked;
