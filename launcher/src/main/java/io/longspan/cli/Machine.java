package io.longspan.cli;

/** What commands need to know of the machine and of who uses it. */
final class Machine {
    private Machine() {}

    /** Threads that a CPU backend may use: the processors this process may run on. */
    static int threads() {
        return Runtime.getRuntime().availableProcessors();
    }

    /** Who runs this process, for the audit. */
    static String user() {
        return System.getProperty("user.name", "unknown");
    }
}
