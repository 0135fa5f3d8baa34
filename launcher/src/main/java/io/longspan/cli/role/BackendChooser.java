package io.longspan.cli.role;

import io.longspan.attention.Device;
import io.longspan.attention.Workload;
import io.longspan.attention.registry.AttentionBackends;
import io.longspan.attention.registry.AttentionRegistry;
import io.longspan.attention.registry.AttentionSettings;
import io.longspan.attention.registry.SelectedBackend;
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

    /** Finds every backend, the plug-in folder's included. */
    public BackendChooser(AttentionSettings settings) {
        this.settings = settings;
        registry = AttentionRegistry.discover(settings.plugins());
    }

    /**
     * Opens the backend that the settings lead to, and logs how it was chosen. The caller closes
     * it.
     *
     * @throws io.longspan.attention.AttentionConfigurationException when none can be used
     */
    public SelectedBackend open(List<Workload> workloads) {
        return open(registry, settings, workloads);
    }

    /** The same over a registry of the caller. */
    public static SelectedBackend open(
            AttentionRegistry registry, AttentionSettings settings, List<Workload> workloads) {
        SelectedBackend selected =
                AttentionBackends.open(
                        registry,
                        settings,
                        workloads,
                        Device.CPU,
                        Runtime.getRuntime().availableProcessors());
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
        registry.close();
    }
}
