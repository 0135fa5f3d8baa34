package io.longspan.api;

import io.grpc.Attributes;
import io.grpc.EquivalentAddressGroup;
import io.grpc.NameResolver;
import io.grpc.NameResolverProvider;
import io.grpc.NameResolverRegistry;
import io.grpc.Status;
import io.grpc.StatusOr;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * A list of servers as gRPC takes it: a scheme of names of which there is one. Names of hosts are
 * looked up again whenever a connection is lost, and each may have several addresses.
 */
final class ServerList extends NameResolverProvider {
    private static final String SCHEME = "longspan";
    private static final int PRIORITY = 5;

    private final List<Target> targets;

    private ServerList(List<Target> targets) {
        this.targets = targets;
    }

    /** The one name. */
    static String name() {
        return SCHEME + ":///servers";
    }

    /** A registry in which the name means these servers. */
    static NameResolverRegistry registry(List<Target> targets) {
        NameResolverRegistry registry = new NameResolverRegistry();
        registry.register(new ServerList(targets));
        return registry;
    }

    @Override
    protected boolean isAvailable() {
        return true;
    }

    @Override
    protected int priority() {
        return PRIORITY;
    }

    @Override
    public String getDefaultScheme() {
        return SCHEME;
    }

    @Override
    public NameResolver newNameResolver(URI name, NameResolver.Args arguments) {
        Executor executor = arguments.getOffloadExecutor();
        if (executor == null) {
            throw new IllegalStateException("channels have an executor for what may block");
        }
        return new Resolver(executor);
    }

    private final class Resolver extends NameResolver {
        private final Executor executor;
        private @Nullable Listener2 listener;

        Resolver(Executor executor) {
            this.executor = executor;
        }

        @Override
        public String getServiceAuthority() {
            return targets.getFirst().authority();
        }

        @Override
        public void start(Listener2 told) {
            listener = told;
            refresh();
        }

        @Override
        public void refresh() {
            Listener2 told = listener;
            if (told != null) {
                executor.execute(() -> told.onResult(found()));
            }
        }

        private ResolutionResult found() {
            List<EquivalentAddressGroup> groups = new ArrayList<>();
            List<String> unknown = new ArrayList<>();
            for (Target target : targets) {
                try {
                    // Every server shows a certificate for its own host, not for the first one's.
                    Attributes own =
                            Attributes.newBuilder()
                                    .set(
                                            EquivalentAddressGroup.ATTR_AUTHORITY_OVERRIDE,
                                            target.authority())
                                    .build();
                    for (InetAddress address : InetAddress.getAllByName(target.host())) {
                        groups.add(
                                new EquivalentAddressGroup(
                                        new InetSocketAddress(address, target.port()), own));
                    }
                } catch (UnknownHostException e) {
                    unknown.add(target.host());
                }
            }
            return ResolutionResult.newBuilder()
                    .setAddressesOrError(
                            groups.isEmpty()
                                    ? StatusOr.fromStatus(
                                            Status.UNAVAILABLE.withDescription(
                                                    "no address is known of "
                                                            + String.join(", ", unknown)))
                                    : StatusOr.fromValue(groups))
                    .build();
        }

        @Override
        public void shutdown() {
            listener = null;
        }
    }
}
