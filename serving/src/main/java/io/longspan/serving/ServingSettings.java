package io.longspan.serving;

import com.sun.management.OperatingSystemMXBean;
import io.longspan.serving.schedule.SchedulerSettings;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What to serve and within which limits. Address and port are Spring's: {@code
 * spring.grpc.server.address} and {@code spring.grpc.server.port}.
 *
 * @param models at least one, each name once; the only one is the default model
 * @param memoryBytes that all models together may be expected to take
 * @param roots folders out of which clients may have models loaded
 * @param schedule who waits for a model and who is turned away
 * @param spool folder in which rows wait for the database, made when missing; processes may share
 *     it
 * @param spoolBytes that may wait there; beyond it calls are UNAVAILABLE
 * @param remembered file in which this server, and no other, keeps which models and aliases it
 *     holds, so that a restart brings them back; none where the configuration is all
 */
public record ServingSettings(
        List<ServedModelSpec> models,
        long memoryBytes,
        List<Path> roots,
        SchedulerSettings schedule,
        Path spool,
        long spoolBytes,
        Optional<Path> remembered) {
    /** Bytes in the spool when nothing else is said, about half a million rows. */
    public static final long DEFAULT_SPOOL_BYTES = 256L << 20;

    private static final long LEAST_SPOOL = 1L << 16;

    /**
     * Copies the list and checks the numbers.
     *
     * @throws ServingException naming what is out of range
     */
    public ServingSettings {
        models = List.copyOf(models);
        roots = List.copyOf(roots);
        if (models.isEmpty()) {
            throw new ServingException(
                    "there is no model to serve; name at least one with its folder");
        }
        Set<String> names = new HashSet<>();
        for (ServedModelSpec model : models) {
            if (!names.add(model.name())) {
                throw new ServingException(
                        "model '"
                                + model.name()
                                + "' is named twice; give each model its own name");
            }
        }
        range("bytes for models", memoryBytes, 1, Long.MAX_VALUE);
        range("spool bytes", spoolBytes, LEAST_SPOOL, Long.MAX_VALUE);
    }

    /**
     * The default limits: as much memory as the machine has, and models from the folders that these
     * lie in.
     */
    public static ServingSettings of(List<ServedModelSpec> models, Path spool) {
        return new ServingSettings(
                models,
                ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class)
                        .getTotalMemorySize(),
                models.stream().map(ServingSettings::beside).distinct().toList(),
                SchedulerSettings.defaults(),
                spool,
                DEFAULT_SPOOL_BYTES,
                Optional.empty());
    }

    /** The same with another schedule. */
    public ServingSettings withSchedule(SchedulerSettings other) {
        return new ServingSettings(
                models, memoryBytes, roots, other, spool, spoolBytes, remembered);
    }

    /** The same with another size of the spool. */
    public ServingSettings withSpoolBytes(long bytes) {
        return new ServingSettings(models, memoryBytes, roots, schedule, spool, bytes, remembered);
    }

    /** The same with other limits for models. */
    public ServingSettings withModels(long bytes, List<Path> from) {
        return new ServingSettings(models, bytes, from, schedule, spool, spoolBytes, remembered);
    }

    /** The same with a file that a restart finds models and aliases in. */
    public ServingSettings withRemembered(Path file) {
        return new ServingSettings(
                models, memoryBytes, roots, schedule, spool, spoolBytes, Optional.of(file));
    }

    private static Path beside(ServedModelSpec model) {
        Path parent = model.folder().toAbsolutePath().normalize().getParent();
        return parent == null ? model.folder() : parent;
    }

    private static void range(String what, long value, long least, long most) {
        if (value < least || value > most) {
            throw new ServingException(
                    "the number of "
                            + what
                            + " is "
                            + value
                            + "; it must be from "
                            + least
                            + " to "
                            + most);
        }
    }
}
