/**
 * Pages of Wikipedia: from the XML of a dump to plain text.
 *
 * <p>{@link io.longspan.ingest.wiki.WikiPage} takes one page element apart, {@link
 * io.longspan.ingest.wiki.WikiText} takes the markup off. Templates are not expanded, since a dump
 * does not hold what they become: what a template would have made is missing in the text.
 */
@NullMarked
package io.longspan.ingest.wiki;

import org.jspecify.annotations.NullMarked;
