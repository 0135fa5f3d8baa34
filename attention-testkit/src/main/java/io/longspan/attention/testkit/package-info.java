/**
 * The contract every attention backend has to pass, as tests.
 *
 * <p>A backend's own test extends {@link io.longspan.attention.testkit.AttentionBackendContract}
 * and says which provider it tests; nothing else is needed. Each topic of the contract is an
 * interface of its own. Tests know a backend only by its provider: what is declared has to be right
 * against a float64 oracle, what is not declared has to be refused.
 *
 * <p>System properties: {@code testkit.seed} and {@code testkit.random} (see {@link
 * io.longspan.attention.testkit.cases}), and {@code testkit.expect}, a list of backend names
 * separated by commas: one of these that is unavailable fails instead of being skipped.
 */
@NullMarked
package io.longspan.attention.testkit;

import org.jspecify.annotations.NullMarked;
