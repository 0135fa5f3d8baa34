package io.longspan.cli.role;

import io.longspan.attention.Device;
import io.longspan.attention.Workload;
import io.longspan.attention.compute.ComputeCrew;
import io.longspan.attention.registry.AttentionBackends;
import io.longspan.attention.registry.AttentionRegistry;
import io.longspan.attention.registry.AttentionSettings;
import io.longspan.attention.registry.SelectedBackend;
import io.longspan.attention.registry.SelectionRow;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Chooses and opens attention backends for one process, by its settings. Thread-safe; whoever made
 * it closes it, after the backends that it opened.
 */
public final class BackendChooser implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger("io.longspan.attention");

    private final AttentionSettings settings;
    private final AttentionRegistry registry;
    private final ComputeCrew crew;

    /** Finds every backend, the plug-in folder's included. */
    public BackendChooser(AttentionSettings settings) {
        this.settings = settings;
        registry = AttentionRegistry.discover(settings.plugins());
        crew = ComputeCrew.ofProcessors();
    }

    /** The threads of this process that compute, which its backends share; this one's to close. */
    public ComputeCrew crew() {
        return crew;
    }

    /**
     * Opens the backend that the settings lead to, and logs how it was chosen. The caller closes
     * it.
     *
     * @throws io.longspan.attention.AttentionConfigurationException when none can be used
     */
    public SelectedBackend open(List<Workload> workloads) {
        return open(registry, settings, workloads, crew);
    }

    /**
     * Opens one by its name, whatever the settings ask for.
     *
     * @throws io.longspan.attention.AttentionConfigurationException when it cannot do the work
     */
    SelectedBackend openNamed(String name, List<Workload> workloads) {
        return AttentionBackends.open(
                registry, settings.withBackend(name), workloads, Device.CPU, crew);
    }

    /** Every backend that was found, and what speaks against it here. */
    List<SelectionRow> rows() {
        return AttentionBackends.report(registry, settings, List.of()).rows();
    }

    /** The same over a registry of the caller, on threads of the backend's own. */
    public static SelectedBackend open(
            AttentionRegistry registry, AttentionSettings settings, List<Workload> workloads) {
        return logged(
                AttentionBackends.open(
                        registry,
                        settings,
                        workloads,
                        Device.CPU,
                        Runtime.getRuntime().availableProcessors()));
    }

    /**
     * The same over a registry of the caller.
     *
     * @param crew of this process; stays the caller's to close, after the backend
     */
    public static SelectedBackend open(
            AttentionRegistry registry,
            AttentionSettings settings,
            List<Workload> workloads,
            ComputeCrew crew) {
        return logged(AttentionBackends.open(registry, settings, workloads, Device.CPU, crew));
    }

    private static SelectedBackend logged(SelectedBackend selected) {
        selected.report().warnings().forEach(LOG::warn);
        LOG.info(selected.report().line());
        return selected;
    }

    /** How a backend was chosen, as JSON. */
    public String report(SelectedBackend selected) {
        return Json.text(SelectionJson.of(selected.report(), registry, Map.of()));
    }

    /** How a backend would be chosen for nothing in particular, as JSON. */
    public String report() {
        return Json.text(
                SelectionJson.of(
                        AttentionBackends.report(registry, settings, List.of()),
                        registry,
                        Map.of()));
    }

    @Override
    public void close() {
        crew.close();
        registry.close();
    }
}
