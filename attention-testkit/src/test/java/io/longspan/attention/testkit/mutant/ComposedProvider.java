package io.longspan.attention.testkit.mutant;

import io.longspan.attention.AttentionBackend;
import io.longspan.attention.AttentionBackendProvider;
import io.longspan.attention.Availability;
import io.longspan.attention.BackendContext;
import io.longspan.attention.Capabilities;
import io.longspan.attention.OptionSpec;
import java.util.List;

/**
 * The plain composed backend's provider.
 *
 * @param flaw what is wrong with it
 */
public record ComposedProvider(ComposedFlaw flaw) implements AttentionBackendProvider {
    @Override
    public String name() {
        return "composed";
    }

    @Override
    public int spiLevel() {
        return SPI_LEVEL;
    }

    @Override
    public String version() {
        return "1";
    }

    @Override
    public String summary() {
        return "one score matrix per sequence";
    }

    @Override
    public Capabilities capabilities() {
        return Capabilities.everythingOnCpu();
    }

    @Override
    public List<OptionSpec> options() {
        return List.of();
    }

    @Override
    public int priority() {
        return 0;
    }

    @Override
    public Availability availability() {
        return new Availability.Available("always");
    }

    @Override
    public AttentionBackend create(BackendContext context) {
        return new PlainComposed(flaw);
    }
}
