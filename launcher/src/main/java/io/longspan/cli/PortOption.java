package io.longspan.cli;

import io.longspan.cli.config.UsageException;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The port of a command that runs one server. */
final class PortOption {
    private static final int LAST = 65535;

    @Option(
            names = "--port",
            paramLabel = "N",
            description = "Port to listen on; 0 takes a free one.")
    private @Nullable Integer port;

    OptionalInt port() {
        return check("--port", port);
    }

    static OptionalInt check(String option, @Nullable Integer port) {
        if (port == null) {
            return OptionalInt.empty();
        }
        if (port < 0 || port > LAST) {
            throw new UsageException(option + " is " + port + "; it must be from 0 to " + LAST);
        }
        return OptionalInt.of(port);
    }
}
