/**
 * Numbers that a published checkpoint has to give, and the run that holds a model against them.
 *
 * <p>{@link io.longspan.model.golden.PublishedNumbers} knows those of longformer-base-4096, which
 * transformers' own tests check. {@link io.longspan.model.golden.GoldenRun} takes any list of
 * {@link io.longspan.model.golden.GoldenCase}s through a model and says of every number what was
 * expected and what came out. Nothing is downloaded: the checkpoint is a folder of the user.
 */
@NullMarked
package io.longspan.model.golden;

import org.jspecify.annotations.NullMarked;
