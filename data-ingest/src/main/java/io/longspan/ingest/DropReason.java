package io.longspan.ingest;

import java.util.Locale;

/** Why a document was left out. */
enum DropReason {
    /** Nothing but white space was left of it. */
    EMPTY,
    /** Neither UTF-8 nor UTF-16 with a byte order mark. */
    UNDECODABLE,
    /** Longer than the longest document. */
    TOO_LARGE;

    /** The name in manifests. */
    String label() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
