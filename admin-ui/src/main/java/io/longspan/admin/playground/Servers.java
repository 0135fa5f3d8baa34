package io.longspan.admin.playground;

import io.longspan.store.Store;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.springframework.stereotype.Component;

/** The servers that live, by what they tell the store. Nothing else is ever called. */
@Component
final class Servers {
    private static final Duration DEAD = Duration.ofSeconds(30);
    private static final String MARK = "grpc ";

    private final Store store;

    Servers(Store store) {
        this.store = store;
    }

    /** Their addresses as {@code host:port}. */
    List<String> addresses() {
        return store.nodes().alive(DEAD).stream()
                .flatMap(node -> Stream.of(node.address().split(",", -1)))
                .map(String::strip)
                .filter(part -> part.startsWith(MARK))
                .map(part -> part.substring(MARK.length()).strip())
                .distinct()
                .toList();
    }
}
