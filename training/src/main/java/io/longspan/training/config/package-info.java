/**
 * Settings of a run.
 *
 * <p>{@link io.longspan.training.config.TrainingConfig} holds them all and is read from names and
 * values; groups that belong together are records of their own, each of which reads, checks and
 * writes its settings. {@link io.longspan.training.config.ConfigKeys} says which objective has
 * which. Nothing here reads data or models.
 */
@NullMarked
package io.longspan.training.config;

import org.jspecify.annotations.NullMarked;
