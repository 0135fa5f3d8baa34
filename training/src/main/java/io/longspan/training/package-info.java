/**
 * Pretraining with masked language modelling, and fine-tuning of classifiers.
 *
 * <p>{@link io.longspan.training.Trainer} is the door: it takes a {@link
 * io.longspan.training.TrainingConfig}, an open attention backend and, for pretraining, a {@link
 * io.longspan.training.TokenSource}, and tells a {@link io.longspan.training.RunLog} everything
 * while it happens. A {@link io.longspan.training.Feed} gives the batches of each step and measures
 * on held-out data: {@link io.longspan.training.MaskedFeed} cuts tokens into {@link
 * io.longspan.training.Blocks} and hides some ({@link io.longspan.training.Masking}); {@link
 * io.longspan.training.ExampleFeed} packs examples that {@link io.longspan.training.ExampleFile}
 * read, whose labels a {@link io.longspan.training.LabelSet} understands. {@link
 * io.longspan.training.AdamW} moves the weights that a {@link io.longspan.training.WeightFilter}
 * lets through, at the speed that {@link io.longspan.training.Schedule} says, and {@link
 * io.longspan.training.RunFolder} keeps checkpoints: the newest, and the best by {@link
 * io.longspan.training.BestRule}.
 *
 * <p>Nothing random has a state: the order of the data, the masks, dropout and a fresh head are
 * functions of the seed, the step and the sample. So a run that was stopped or killed and goes on
 * from its last checkpoint gives the same losses as one that was not, bit for bit on one machine
 * with the same threads.
 */
@NullMarked
package io.longspan.training;

import org.jspecify.annotations.NullMarked;
