/**
 * News for open pages by server-sent events. One thread asks the store once a second whether
 * anything changed and tells all pages which topics; a page then fetches itself again. Nobody
 * reads, nobody asks.
 */
@NullMarked
package io.longspan.admin.live;

import org.jspecify.annotations.NullMarked;
