/**
 * The {@code longspan} command.
 *
 * <p>{@link io.longspan.cli.Longspan} is the entry point; each command is a class of its own, reads
 * {@link io.longspan.cli.config.Configuration}, does its work through the model core and prints
 * through {@link io.longspan.cli.term.Console}: results on standard output (JSON with {@code
 * --json}), everything else on standard error. Exit codes: 0 done, 2 bad usage or bad input, 1
 * anything else.
 */
@NullMarked
package io.longspan.cli;

import org.jspecify.annotations.NullMarked;
