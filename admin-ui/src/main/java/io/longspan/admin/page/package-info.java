/**
 * What all pages have in common: who reads and in which zone, how numbers and times are written,
 * the page's own address with a parameter changed, and deeds that are stored together with their
 * line in the audit.
 */
@NullMarked
package io.longspan.admin.page;

import org.jspecify.annotations.NullMarked;
