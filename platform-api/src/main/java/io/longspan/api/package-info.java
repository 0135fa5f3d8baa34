/**
 * The wire contract of the platform, and a small client for it.
 *
 * <p>The contract is the proto files of {@code longspan.v1}; their generated messages and stubs lie
 * in {@code io.longspan.api.v1}. {@link io.longspan.api.LongspanClient} is a blocking client with a
 * deadline on every call; whoever needs more, such as asynchronous calls, uses the stubs. {@link
 * io.longspan.api.InferenceId} names the trailer that carries the identity of a tracked inference,
 * for failed calls too.
 */
@NullMarked
package io.longspan.api;

import org.jspecify.annotations.NullMarked;
