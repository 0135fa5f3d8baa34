/**
 * Numbers that say how good a model is, as scikit-learn and the scripts of the data sets compute
 * them.
 *
 * <p>{@link io.longspan.training.metric.Evaluation} is what one look at held-out data gives: a loss
 * and metrics by name. The classes beside it gather scores batch by batch and turn them into
 * numbers; they know nothing of models and files.
 */
@NullMarked
package io.longspan.training.metric;

import org.jspecify.annotations.NullMarked;
