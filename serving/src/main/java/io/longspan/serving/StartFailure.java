package io.longspan.serving;

import io.longspan.attention.AttentionConfigurationException;
import io.longspan.model.ModelInputException;
import io.longspan.store.StoreUnavailableException;
import java.net.BindException;
import java.util.Optional;

/** Turns what Boot throws when a server does not start into a sentence. */
public final class StartFailure {
    private StartFailure() {}

    /**
     * The sentence for a person, when the failure is one that a person can do something about.
     *
     * @param failure what {@code SpringApplication.run} threw
     * @param address that the server was to listen on, such as {@code 127.0.0.1:9090}
     */
    public static Optional<String> sentence(Throwable failure, String address) {
        for (Throwable t = failure; t != null; t = t.getCause()) {
            switch (t) {
                case ServingException e -> {
                    return Optional.ofNullable(e.getMessage());
                }
                case ModelInputException e -> {
                    return Optional.ofNullable(e.getMessage());
                }
                case AttentionConfigurationException e -> {
                    return Optional.ofNullable(e.getMessage());
                }
                case StoreUnavailableException e -> {
                    return Optional.ofNullable(e.getMessage());
                }
                default -> {
                    if (isBind(t)) {
                        return Optional.of(
                                "the gRPC server cannot listen on '"
                                        + address
                                        + "' ("
                                        + t.getMessage()
                                        + "); stop what uses the port, or name another one");
                    }
                }
            }
        }
        return Optional.empty();
    }

    /** Netty's native transports have a class of their own for it. */
    private static boolean isBind(Throwable problem) {
        return problem instanceof BindException
                || String.valueOf(problem.getMessage()).startsWith("bind(..) failed");
    }
}
