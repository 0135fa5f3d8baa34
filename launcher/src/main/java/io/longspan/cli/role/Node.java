package io.longspan.cli.role;

import io.longspan.store.node.NodeRow;
import io.longspan.store.node.Nodes;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.transaction.TransactionException;

/** Says in the store, every few seconds, that this process lives and what it is. */
final class Node implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Node.class);
    private static final Duration BEAT = Duration.ofSeconds(5);

    private final Nodes nodes;
    private final NodeRow row;
    private final ScheduledExecutorService heart =
            Executors.newSingleThreadScheduledExecutor(
                    Thread.ofPlatform().daemon().name("node-heart").factory());
    private final ScheduledFuture<?> beating;

    private Node(Nodes nodes, NodeRow row) {
        this.nodes = nodes;
        this.row = row;
        beating =
                heart.scheduleWithFixedDelay(
                        this::beat, BEAT.toMillis(), BEAT.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** Says it once, and then again and again until it is closed. */
    static Node start(
            Nodes nodes, Set<Role> roles, String version, String address, String selectionReport) {
        Instant now = Instant.now();
        Node node =
                new Node(
                        nodes,
                        new NodeRow(
                                UUID.randomUUID(),
                                Role.join(roles),
                                host(),
                                ProcessHandle.current().pid(),
                                version,
                                address,
                                Optional.of(selectionReport),
                                now,
                                now,
                                Optional.empty()));
        node.nodes.beat(node.row);
        return node;
    }

    private void beat() {
        try {
            nodes.beat(row);
        } catch (DataAccessException | TransactionException e) {
            LOG.debug("the store does not answer; beating on", e);
        }
    }

    static String host() {
        try {
            return InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException e) {
            return "localhost";
        }
    }

    @Override
    public void close() {
        beating.cancel(false);
        heart.shutdownNow();
        try {
            nodes.end(row.id());
        } catch (DataAccessException | TransactionException e) {
            LOG.debug("the store does not answer; this process will look dead instead of ended", e);
        }
    }
}
