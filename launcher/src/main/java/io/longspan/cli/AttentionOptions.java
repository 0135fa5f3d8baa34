package io.longspan.cli;

import io.longspan.attention.registry.AttentionSettings;
import io.longspan.cli.config.Configuration;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The option that picks an attention backend, for commands that run a model. */
final class AttentionOptions {
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
}
