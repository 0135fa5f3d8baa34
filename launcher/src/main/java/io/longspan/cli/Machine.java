package io.longspan.cli;

import java.net.InetAddress;
import java.net.UnknownHostException;

/** What commands need to know of the machine and of who uses it. */
final class Machine {
    private Machine() {}

    /** Threads that a CPU backend may use: the processors this process may run on. */
    static int threads() {
        return Runtime.getRuntime().availableProcessors();
    }

    /** The machine's name, for people. */
    static String host() {
        try {
            return InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException e) {
            return "localhost";
        }
    }

    /** Who runs this process, for the audit. */
    static String user() {
        return System.getProperty("user.name", "unknown");
    }
}
