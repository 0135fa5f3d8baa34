/**
 * Examples with answers.
 *
 * <p>Files are read whole and checked before a run starts, and every refusal names the file and the
 * line. {@link io.longspan.training.example.ExampleFile} reads JSON lines, {@link
 * io.longspan.training.example.LabelSet} knows what labels mean, {@link
 * io.longspan.training.example.ExampleEncoder} makes token ids that fit the model, and {@link
 * io.longspan.training.example.HeldOut} keeps some for measuring.
 */
@NullMarked
package io.longspan.training.example;

import org.jspecify.annotations.NullMarked;
