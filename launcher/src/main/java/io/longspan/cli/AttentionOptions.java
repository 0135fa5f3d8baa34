package io.longspan.cli;

import io.longspan.attention.Device;
import io.longspan.attention.Workload;
import io.longspan.attention.registry.AttentionBackends;
import io.longspan.attention.registry.AttentionRegistry;
import io.longspan.attention.registry.AttentionSettings;
import io.longspan.attention.registry.SelectedBackend;
import io.longspan.cli.config.Configuration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Option;

/** The option that picks an attention backend, for commands that run a model. */
final class AttentionOptions {
    private static final Logger LOG = LoggerFactory.getLogger("io.longspan.attention");

    @Option(
            names = "--attention",
            paramLabel = "NAME",
            description =
                    "Attention backend; wins over longspan.attention.backend. 'longspan backends' lists them.")
    private @Nullable String name;

    /** The settings with the option applied. */
    AttentionSettings settings(Configuration configuration) {
        AttentionSettings settings = configuration.attention();
        return name == null ? settings : settings.withBackend(name);
    }

    /** Chooses and opens a backend, and logs how it was chosen, once. */
    static SelectedBackend open(
            AttentionRegistry registry, AttentionSettings settings, List<Workload> workloads) {
        SelectedBackend selected =
                AttentionBackends.open(
                        registry, settings, workloads, Device.CPU, Machine.threads());
        selected.report().warnings().forEach(LOG::warn);
        LOG.info(selected.report().line());
        return selected;
    }
}
