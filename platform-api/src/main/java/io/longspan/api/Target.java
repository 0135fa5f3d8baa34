package io.longspan.api;

/**
 * Where a server listens.
 *
 * @param host name or address, without brackets
 * @param port of it
 */
record Target(String host, int port) {
    private static final int LARGEST_PORT = 65535;

    /** Host and port as a URI has them. */
    String authority() {
        return (host.contains(":") ? "[" + host + "]" : host) + ":" + port;
    }

    /**
     * Reads {@code host:port}, such as {@code localhost:9090} or {@code [::1]:9090}.
     *
     * @throws IllegalArgumentException when the text is no such name
     */
    static Target parse(String text) {
        int colon = text.lastIndexOf(':');
        int port = -1;
        try {
            port = Integer.parseInt(text.substring(colon + 1));
        } catch (NumberFormatException e) {
            // The sentence below says what is wrong.
        }
        if (colon < 1 || port < 1 || port > LARGEST_PORT) {
            throw new IllegalArgumentException(
                    "target '"
                            + text
                            + "' is not a server; it must be HOST:PORT with a port from 1 to "
                            + LARGEST_PORT
                            + ", such as localhost:9090");
        }
        String host = text.substring(0, colon);
        boolean bracketed = host.startsWith("[") && host.endsWith("]");
        return new Target(bracketed ? host.substring(1, host.length() - 1) : host, port);
    }
}
