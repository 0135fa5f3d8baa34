/**
 * What is done to a document between the source and the tokenizer: normalising, and the rules by
 * which it is kept or left out.
 *
 * <p>A rule looks at one document alone, so that the order of the documents and the number of
 * workers cannot show. Every rule has a {@link io.longspan.ingest.rule.DropReason}; nothing is left
 * out without one. The thresholds are those of the papers named at each rule.
 */
@NullMarked
package io.longspan.ingest.rule;

import org.jspecify.annotations.NullMarked;
