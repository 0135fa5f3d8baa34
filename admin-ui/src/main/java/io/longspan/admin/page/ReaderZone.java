package io.longspan.admin.page;

import java.time.ZoneId;

/**
 * The reader's time zone.
 *
 * @param value UTC while it is not known
 */
public record ReaderZone(ZoneId value) {}
