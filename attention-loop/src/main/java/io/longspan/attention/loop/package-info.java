/**
 * The readable reference backend: what the attention contract means, one key at a time, for every
 * feature there is.
 *
 * <p>A "key slot" gives each (row, head) pair at most one key: one slot per window offset, then one
 * per global token of a sequence. {@link io.longspan.attention.loop.KeySlots} works the slots out
 * on the host, {@link io.longspan.attention.loop.LoopForward} scores the keys slot by slot,
 * normalises over all slots and adds up the values slot by slot. It is the specification that the
 * faster backends are read against, not a fast backend itself.
 */
@NullMarked
package io.longspan.attention.loop;

import org.jspecify.annotations.NullMarked;
