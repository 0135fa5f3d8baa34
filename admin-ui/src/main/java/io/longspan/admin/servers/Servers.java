package io.longspan.admin.servers;

import io.grpc.ChannelCredentials;
import io.grpc.InsecureChannelCredentials;
import io.grpc.TlsChannelCredentials;
import io.longspan.admin.AdminInputException;
import io.longspan.admin.page.Refused;
import io.longspan.api.LongspanClient;
import io.longspan.store.Store;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.stereotype.Component;

/** The servers that live, by what they tell the store. Nothing else is ever called. */
@Component
public final class Servers {
    private static final Duration DEAD = Duration.ofSeconds(30);
    private static final String MARK = "grpc ";

    private final Store store;
    private final String key;
    private final ChannelCredentials credentials;

    /**
     * As the configuration says.
     *
     * @param key to call servers with; empty for none
     * @param authorities file with the certificates that servers are believed by; empty for calls
     *     without encryption
     */
    Servers(
            Store store,
            @Value("${longspan.call.key:}") String key,
            @Value("${longspan.call.ca:}") String authorities) {
        this.store = store;
        this.key = key.strip();
        credentials = credentials(authorities.strip());
    }

    private static ChannelCredentials credentials(String authorities) {
        if (authorities.isEmpty()) {
            return InsecureChannelCredentials.create();
        }
        try {
            return TlsChannelCredentials.newBuilder()
                    .trustManager(Path.of(authorities).toFile())
                    .build();
        } catch (IOException e) {
            throw new AdminInputException(
                    "longspan.call.ca names '"
                            + authorities
                            + "', which cannot be read ("
                            + e.getMessage()
                            + "); name a file of certificates in PEM, or leave it out");
        }
    }

    /** Their addresses as {@code host:port}. */
    public List<String> addresses() {
        return store.nodes().alive(DEAD).stream()
                .flatMap(node -> Stream.of(node.address().split(",", -1)))
                .map(String::strip)
                .filter(part -> part.startsWith(MARK))
                .map(part -> part.substring(MARK.length()).strip())
                .distinct()
                .toList();
    }

    /**
     * A client of a server that lives, the caller's to close.
     *
     * @throws Refused when no server of that address lives
     */
    public LongspanClient connect(String target) {
        if (target.isEmpty()) {
            throw new Refused("No server lives; start longspan serve or longspan up.");
        }
        if (!addresses().contains(target)) {
            throw new Refused(
                    "Server '"
                            + target
                            + "' has not said within "
                            + DEAD.toSeconds()
                            + " s that it lives; choose one of the list.");
        }
        return LongspanClient.connect(target, credentials).withKey(key);
    }
}
