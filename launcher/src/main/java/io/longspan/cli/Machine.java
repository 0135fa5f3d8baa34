package io.longspan.cli;

/** What commands need to know of the machine. */
final class Machine {
    private Machine() {}

    /** Threads that a CPU backend may use: the processors this process may run on. */
    static int threads() {
        return Runtime.getRuntime().availableProcessors();
    }
}
