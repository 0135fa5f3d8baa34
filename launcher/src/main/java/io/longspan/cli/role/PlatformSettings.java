package io.longspan.cli.role;

import io.longspan.attention.registry.AttentionSettings;
import io.longspan.model.infer.InferencePrecision;
import io.longspan.serving.ServedModelSpec;
import io.longspan.serving.access.AccessSettings;
import io.longspan.serving.schedule.SchedulerSettings;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/**
 * How one process of the platform runs.
 *
 * @param roles at least one
 * @param attention which backend, for serving and training
 * @param inference how served models compute their linear layers
 * @param spool folder in which inference rows wait for the database
 * @param spoolBytes that may wait there
 * @param models to serve; at least one with {@link Role#SERVE}
 * @param memoryBytes that models may take; the machine's when empty
 * @param roots folders out of which clients may have models loaded; those of the models when empty
 * @param schedule who waits for a model and who is turned away
 * @param access when clients of the gRPC server need a key, and what a key may use
 * @param server more properties of Spring, for the gRPC server and for whoever calls one
 * @param grpc where the gRPC server listens
 * @param console where the console listens
 * @param password of the console's administrator, if the configuration names one
 * @param ingestThreads threads of an ingest job
 * @param parquetMebibytes MiB that readers of Parquet may take together
 * @param dead age of a heartbeat after which a worker is taken for dead
 */
public record PlatformSettings(
        Set<Role> roles,
        AttentionSettings attention,
        InferencePrecision inference,
        Path spool,
        long spoolBytes,
        List<ServedModelSpec> models,
        OptionalLong memoryBytes,
        Optional<List<Path>> roots,
        SchedulerSettings schedule,
        AccessSettings access,
        Map<String, Object> server,
        Endpoint grpc,
        Endpoint console,
        Optional<String> password,
        int ingestThreads,
        int parquetMebibytes,
        Duration dead) {
    /** Copies. */
    public PlatformSettings {
        roles = Set.copyOf(roles);
        models = List.copyOf(models);
        server = Map.copyOf(server);
    }

    /** The same with other roles and models. */
    public PlatformSettings with(Set<Role> others, List<ServedModelSpec> served) {
        return new PlatformSettings(
                others,
                attention,
                inference,
                spool,
                spoolBytes,
                served,
                memoryBytes,
                roots,
                schedule,
                access,
                server,
                grpc,
                console,
                password,
                ingestThreads,
                parquetMebibytes,
                dead);
    }

    /**
     * Where a server listens.
     *
     * @param address to bind
     * @param port to bind; 0 takes a free one
     */
    public record Endpoint(String address, int port) {
        @Override
        public String toString() {
            return (address.contains(":") ? "[" + address + "]" : address) + ":" + port;
        }
    }
}
