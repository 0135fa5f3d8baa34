/**
 * Text to ids and back, as RoBERTa and Longformer do it: byte-level byte-pair encoding.
 *
 * <p>{@link io.longspan.model.tokenizer.RobertaTokenizer} opens the files of a checkpoint and
 * encodes with Hugging Face's own library; ids, tokens and offsets are that library's. {@link
 * io.longspan.model.tokenizer.CorpusTokenizer} opens the same files and encodes the plain text of
 * corpora to the same ids, many times as fast, without offsets and without special tokens.
 */
@NullMarked
package io.longspan.model.tokenizer;

import org.jspecify.annotations.NullMarked;
