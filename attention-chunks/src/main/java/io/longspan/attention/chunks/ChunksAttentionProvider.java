package io.longspan.attention.chunks;

import io.longspan.attention.AttentionBackend;
import io.longspan.attention.AttentionBackendProvider;
import io.longspan.attention.Availability;
import io.longspan.attention.BackendContext;
import io.longspan.attention.Capabilities;
import io.longspan.attention.Device;
import io.longspan.attention.ElementType;
import io.longspan.attention.Feature;
import io.longspan.attention.Guarantee;
import java.util.EnumSet;

/** The provider of the chunked backend. */
public final class ChunksAttentionProvider implements AttentionBackendProvider {
    @Override
    public String name() {
        return "chunks";
    }

    @Override
    public int spiLevel() {
        return SPI_LEVEL;
    }

    @Override
    public String summary() {
        return "overlapping chunks as batched matrix products, symmetric windows";
    }

    @Override
    public Capabilities capabilities() {
        return new Capabilities(
                EnumSet.complementOf(
                        EnumSet.of(
                                Feature.PER_HEAD_WINDOW,
                                Feature.ASYMMETRIC_WINDOW,
                                Feature.DILATION,
                                Feature.PER_HEAD_DILATION,
                                Feature.CAUSAL,
                                Feature.OFFSET_BIAS)),
                EnumSet.of(Guarantee.REPEATABLE, Guarantee.CONCURRENT),
                EnumSet.of(ElementType.FP32),
                EnumSet.of(Device.Kind.CPU),
                1,
                Integer.MAX_VALUE);
    }

    @Override
    public int priority() {
        return 100;
    }

    @Override
    public Availability availability() {
        return new Availability.Available("NDArray operations of the PyTorch engine");
    }

    @Override
    public AttentionBackend create(BackendContext context) {
        return new ChunksAttention(this);
    }
}
