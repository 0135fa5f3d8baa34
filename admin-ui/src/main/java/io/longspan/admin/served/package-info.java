/**
 * What each living server holds, and what operators change about it: a checkpoint loaded beside the
 * one that is served, a name or an alias moved to another version, a version taken out. The servers
 * themselves say what they hold, so nothing here is remembered.
 */
@NullMarked
package io.longspan.admin.served;

import org.jspecify.annotations.NullMarked;
