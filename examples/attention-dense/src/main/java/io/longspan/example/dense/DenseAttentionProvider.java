package io.longspan.example.dense;

import io.longspan.attention.AttentionBackend;
import io.longspan.attention.AttentionBackendProvider;
import io.longspan.attention.Availability;
import io.longspan.attention.BackendContext;
import io.longspan.attention.Capabilities;
import io.longspan.attention.Guarantee;
import io.longspan.attention.OptionSpec;
import java.util.List;

/** Says what the example backend can do: everything, slowly. */
public final class DenseAttentionProvider implements AttentionBackendProvider {
    static final String NAME = "dense-example";

    static final Capabilities CAPABILITIES =
            Capabilities.everythingOnCpu()
                    .guaranteeing(
                            Guarantee.REPEATABLE, Guarantee.BATCH_INVARIANT, Guarantee.CONCURRENT);

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public int spiLevel() {
        return SPI_LEVEL;
    }

    @Override
    public String version() {
        return "1.0";
    }

    @Override
    public String summary() {
        return "example of a third-party backend: plain Java over every pair of tokens, forward and backward";
    }

    @Override
    public Capabilities capabilities() {
        return CAPABILITIES;
    }

    @Override
    public List<OptionSpec> options() {
        return List.of();
    }

    @Override
    public int priority() {
        return 1;
    }

    @Override
    public Availability availability() {
        return new Availability.Available("plain Java, any machine");
    }

    @Override
    public AttentionBackend create(BackendContext context) {
        return new DenseBackend();
    }
}
