package io.longspan.example.dense;

import io.longspan.attention.AttentionBackend;
import io.longspan.attention.AttentionBackendProvider;
import io.longspan.attention.Availability;
import io.longspan.attention.BackendContext;
import io.longspan.attention.Capabilities;
import io.longspan.attention.Guarantee;

/** Says what the example backend can do: everything, slowly. */
public final class DenseAttentionProvider implements AttentionBackendProvider {
    @Override
    public String name() {
        return "dense-example";
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
        return Capabilities.everythingOnCpu()
                .guaranteeing(
                        Guarantee.REPEATABLE, Guarantee.BATCH_INVARIANT, Guarantee.CONCURRENT);
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
        return new DenseBackend(this);
    }
}
