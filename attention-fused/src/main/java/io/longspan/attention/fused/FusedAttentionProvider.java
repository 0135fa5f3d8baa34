package io.longspan.attention.fused;

import io.longspan.attention.AttentionBackend;
import io.longspan.attention.AttentionBackendProvider;
import io.longspan.attention.AttentionConfigurationException;
import io.longspan.attention.Availability;
import io.longspan.attention.BackendContext;
import io.longspan.attention.Capabilities;
import io.longspan.attention.Guarantee;
import io.longspan.attention.OptionSpec;
import java.util.List;

/** The provider of the fused CPU kernels. */
public final class FusedAttentionProvider implements AttentionBackendProvider {
    static final String NAME = "fused";
    static final String VECTOR_BITS = "vector-bits";
    static final String WARM_UP = "warm-up";
    static final String BF16_PRODUCTS = "bf16-products";

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public int spiLevel() {
        return SPI_LEVEL;
    }

    @Override
    public String summary() {
        return "CPU kernels on the Vector API, tile by tile, forward and backward";
    }

    @Override
    public Capabilities capabilities() {
        return Capabilities.everythingOnCpu()
                .guaranteeing(
                        Guarantee.REPEATABLE, Guarantee.BATCH_INVARIANT, Guarantee.CONCURRENT);
    }

    @Override
    public List<OptionSpec> options() {
        return List.of(
                new OptionSpec(
                        VECTOR_BITS,
                        OptionSpec.Kind.CHOICE,
                        "auto",
                        List.of("auto", "512", "256", "128", "scalar"),
                        "width of the vectors; auto takes the widest, scalar the plain loops that"
                                + " the vector code is checked against"),
                new OptionSpec(
                        WARM_UP,
                        OptionSpec.Kind.FLAG,
                        "true",
                        List.of(),
                        "whether the kernels are run before the first request, until they are"
                                + " compiled or four seconds are over"),
                new OptionSpec(
                        BF16_PRODUCTS,
                        OptionSpec.Kind.FLAG,
                        "true",
                        List.of(),
                        "whether attention of models in bf16 or int8 multiplies bfloat16, where the"
                                + " processor has AVX-512 BF16"));
    }

    @Override
    public int priority() {
        return 200;
    }

    @Override
    public Availability availability() {
        return switch (VectorModule.probe(ModuleLayer.boot())) {
            case Availability.Available(String detail) ->
                    new Availability.Available(detail + "; " + TileLibrary.words());
            case Availability.Unavailable missing -> missing;
        };
    }

    @Override
    public AttentionBackend create(BackendContext context) {
        // The backend opens the native tiles itself: they are not tried here before.
        if (VectorModule.probe(ModuleLayer.boot())
                instanceof Availability.Unavailable(String reason, String hint)) {
            throw new AttentionConfigurationException(
                    "attention backend 'fused' cannot be made: " + reason + "; " + hint);
        }
        return FusedBackends.make(this, context);
    }
}
