package io.longspan.admin.access;

/** What somebody may do in the console. */
enum Role {
    /** Read everything. */
    VIEWER,
    /** Also stop and restart work. */
    OPERATOR,
    /** Everything. */
    ADMIN
}
