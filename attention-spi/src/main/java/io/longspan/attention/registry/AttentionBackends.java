package io.longspan.attention.registry;

import io.longspan.attention.AttentionBackend;
import io.longspan.attention.AttentionBackendProvider;
import io.longspan.attention.AttentionConfigurationException;
import io.longspan.attention.Availability;
import io.longspan.attention.BackendContext;
import io.longspan.attention.BackendOptions;
import io.longspan.attention.Device;
import io.longspan.attention.Support;
import io.longspan.attention.Workload;
import io.longspan.attention.compute.ComputeCrew;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Puts registry, settings and selector together: the one door through which the platform gets a
 * backend.
 */
public final class AttentionBackends {
    private AttentionBackends() {}

    /**
     * Reports what would be chosen, without making a backend.
     *
     * @param workloads that the backend has to support, may be empty
     */
    public static SelectionReport report(
            AttentionRegistry registry, AttentionSettings settings, List<Workload> workloads) {
        return AttentionSelector.select(
                settings.backend(),
                settings.fallback(),
                rows(registry, workloads),
                registry.rejected());
    }

    /**
     * Chooses and makes a backend that supports every workload. The declaration decides first; the
     * made backend then has the exact word, and when it refuses, the choice is made again with that
     * known.
     *
     * @param threads that a CPU backend may use at once
     * @throws AttentionConfigurationException when none fits, with the report's sentence; or when
     *     an option is wrong
     */
    public static SelectedBackend open(
            AttentionRegistry registry,
            AttentionSettings settings,
            List<Workload> workloads,
            Device device,
            int threads) {
        return open(registry, settings, workloads, device, threads, null);
    }

    /**
     * The same on the threads of this process.
     *
     * @param crew stays the caller's to close, after the backend
     */
    public static SelectedBackend open(
            AttentionRegistry registry,
            AttentionSettings settings,
            List<Workload> workloads,
            Device device,
            ComputeCrew crew) {
        return open(registry, settings, workloads, device, crew.threads(), crew);
    }

    private static SelectedBackend open(
            AttentionRegistry registry,
            AttentionSettings settings,
            List<Workload> workloads,
            Device device,
            int threads,
            @Nullable ComputeCrew crew) {
        checkOptions(registry, settings);
        List<SelectionRow> rows = new ArrayList<>(rows(registry, workloads));
        List<String> passedOver = new ArrayList<>();
        while (true) {
            SelectionReport report =
                    AttentionSelector.select(
                            settings.backend(), settings.fallback(), rows, registry.rejected());
            String chosen = report.chosen();
            if (chosen == null) {
                throw new AttentionConfigurationException(String.valueOf(report.error()));
            }
            AttentionBackendProvider provider = registry.named(chosen).provider();
            BackendContext context =
                    new BackendContext(optionsOf(provider, settings), device, threads, crew);
            switch (attempt(provider, context, workloads)) {
                case Attempt.Made(AttentionBackend backend) -> {
                    return new SelectedBackend(
                            backend,
                            chosen,
                            provider.version(),
                            provider.capabilities(),
                            report.warning(passedOver));
                }
                case Attempt.Refused(Support.Unsupported why) -> {
                    rows.replaceAll(row -> row.name().equals(chosen) ? row.with(why) : row);
                    passedOver.add(
                            "attention backend '"
                                    + chosen
                                    + "' "
                                    + String.join("; ", why.reasons())
                                    + "; it was passed over");
                }
            }
        }
    }

    /** What came of making a backend. */
    private sealed interface Attempt {
        /** It is open and supports the work. */
        record Made(AttentionBackend backend) implements Attempt {}

        /** It is not there, or closed again. */
        record Refused(Support.Unsupported why) implements Attempt {}
    }

    /**
     * Makes a backend and asks it for the exact word. A stranger's code: whatever it throws must
     * not take the platform down.
     */
    private static Attempt attempt(
            AttentionBackendProvider provider, BackendContext context, List<Workload> workloads) {
        AttentionBackend made = null;
        try {
            made = Objects.requireNonNull(provider.create(context), "create returned null");
            Support exact = joined(workloads.stream().map(made::supports).toList());
            if (exact instanceof Support.Unsupported why) {
                made.close();
                return new Attempt.Refused(why);
            }
            return new Attempt.Made(made);
        } catch (RuntimeException | LinkageError e) {
            if (made != null) {
                closeQuietly(made, e);
            }
            Object what = e instanceof AttentionConfigurationException ? e.getMessage() : e;
            return new Attempt.Refused(
                    new Support.Unsupported(List.of("could not be made (" + what + ")")));
        }
    }

    private static void closeQuietly(AttentionBackend made, Throwable reason) {
        try {
            made.close();
        } catch (RuntimeException | LinkageError e) {
            reason.addSuppressed(e);
        }
    }

    private static List<SelectionRow> rows(AttentionRegistry registry, List<Workload> workloads) {
        return registry.providers().stream()
                .map(found -> {
                    AttentionBackendProvider provider = found.provider();
                    return new SelectionRow(
                            provider.name(),
                            provider.version(),
                            provider.summary(),
                            found.origin(),
                            provider.priority(),
                            availability(provider),
                            declaredSupport(provider, workloads));
                })
                .toList();
    }

    /**
     * A provider promises never to throw here; a stranger's may break that promise, and must not
     * take the platform down.
     */
    private static Availability availability(AttentionBackendProvider provider) {
        try {
            return Objects.requireNonNull(provider.availability(), "it returned null");
        } catch (RuntimeException | LinkageError e) {
            return new Availability.Unavailable(
                    "its availability check failed with " + e,
                    "report this to whoever made the backend");
        }
    }

    private static @Nullable Support declaredSupport(
            AttentionBackendProvider provider, List<Workload> workloads) {
        return workloads.isEmpty()
                ? null
                : joined(workloads.stream().map(w -> provider.capabilities().check(w)).toList());
    }

    private static Support joined(List<Support> answers) {
        Set<String> reasons = new LinkedHashSet<>();
        for (Support answer : answers) {
            if (answer instanceof Support.Unsupported(List<String> why)) {
                reasons.addAll(why);
            }
        }
        return Support.of(List.copyOf(reasons));
    }

    private static void checkOptions(AttentionRegistry registry, AttentionSettings settings) {
        for (String name : settings.options().keySet()) {
            optionsOf(registry.named(name).provider(), settings);
        }
    }

    private static BackendOptions optionsOf(
            AttentionBackendProvider provider, AttentionSettings settings) {
        return BackendOptions.of(
                provider.name(),
                provider.options(),
                settings.options().getOrDefault(provider.name(), Map.of()));
    }
}
