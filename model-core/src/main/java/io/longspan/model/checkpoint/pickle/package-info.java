/**
 * Python's pickle format, as far as a file of tensors needs it and no further.
 *
 * <p>A pickle is a program for a small stack machine. {@link
 * io.longspan.model.checkpoint.pickle.Unpickler} runs the instructions that build numbers, texts,
 * tuples, lists and dictionaries; whatever a program wants to call or look up goes through {@link
 * io.longspan.model.checkpoint.pickle.PickleWorld}, which its owner writes and which refuses all
 * but a short list. No class is loaded and no method found by a name from the file. Length of the
 * program, number of its steps and sizes of its values are bounded before memory is taken.
 */
@NullMarked
package io.longspan.model.checkpoint.pickle;

import org.jspecify.annotations.NullMarked;
