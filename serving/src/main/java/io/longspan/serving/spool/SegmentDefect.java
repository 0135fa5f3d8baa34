package io.longspan.serving.spool;

/** Why a segment cannot be read further. */
enum SegmentDefect {
    /** Its process died while it wrote the last record; nobody got the answer of that row. */
    TORN,
    /** Something else changed the file. */
    DAMAGED
}
