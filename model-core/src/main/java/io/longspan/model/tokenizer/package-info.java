/**
 * Text to ids and back, as RoBERTa and Longformer do it: byte-level byte-pair encoding.
 *
 * <p>{@link io.longspan.model.tokenizer.RobertaTokenizer} opens the files of a checkpoint and
 * encodes with Hugging Face's own library; ids, tokens and offsets are that library's.
 */
@NullMarked
package io.longspan.model.tokenizer;

import org.jspecify.annotations.NullMarked;
