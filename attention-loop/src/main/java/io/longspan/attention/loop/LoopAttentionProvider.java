package io.longspan.attention.loop;

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

/** The provider of the readable reference backend. */
public final class LoopAttentionProvider implements AttentionBackendProvider {
    @Override
    public String name() {
        return "loop";
    }

    @Override
    public int spiLevel() {
        return SPI_LEVEL;
    }

    @Override
    public String summary() {
        return "readable reference: one key at a time, every feature";
    }

    @Override
    public Capabilities capabilities() {
        return new Capabilities(
                EnumSet.allOf(Feature.class),
                EnumSet.of(Guarantee.REPEATABLE, Guarantee.CONCURRENT),
                EnumSet.of(ElementType.FP32),
                EnumSet.of(Device.Kind.CPU),
                1,
                Integer.MAX_VALUE);
    }

    @Override
    public int priority() {
        return 50;
    }

    @Override
    public Availability availability() {
        return new Availability.Available("NDArray operations of the PyTorch engine");
    }

    @Override
    public AttentionBackend create(BackendContext context) {
        return new LoopAttention(this);
    }
}
