package io.longspan.attention.testkit.mutant;

import io.longspan.attention.AttentionBackend;
import io.longspan.attention.AttentionBackendProvider;
import io.longspan.attention.Availability;
import io.longspan.attention.BackendContext;
import io.longspan.attention.Capabilities;
import io.longspan.attention.Feature;
import io.longspan.attention.Guarantee;
import io.longspan.attention.OptionSpec;
import java.util.List;

/**
 * The plain kernel's provider.
 *
 * @param flaw what is wrong with it
 * @param capabilities declared
 */
public record ReferenceProvider(Flaw flaw, Capabilities capabilities)
        implements AttentionBackendProvider {

    /** A provider that declares everything, but for what its flaw is about. */
    public ReferenceProvider(Flaw flaw) {
        this(flaw, declared(flaw));
    }

    private static Capabilities declared(Flaw flaw) {
        Capabilities all =
                Capabilities.everythingOnCpu()
                        .guaranteeing(
                                Guarantee.REPEATABLE,
                                Guarantee.BATCH_INVARIANT,
                                Guarantee.CONCURRENT);
        return switch (flaw) {
            case FEATURE_UNDECLARED_AND_ACCEPTED, REFUSED_BY_SUPPORTS_BUT_NOT_BY_PLAN ->
                    all.without(Feature.OFFSET_BIAS);
            case HEAD_SIZE_BEYOND_DECLARATION_ACCEPTED ->
                    new Capabilities(
                            all.features(),
                            all.guarantees(),
                            all.types(),
                            all.devices(),
                            1,
                            100_000);
            default -> all;
        };
    }

    @Override
    public String name() {
        return flaw == Flaw.NAME_AGAINST_THE_RULE ? "Reference!" : "reference";
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
        return "plain loops in float64";
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
        if (flaw == Flaw.AVAILABILITY_THROWS) {
            throw new IllegalStateException("probing failed");
        }
        return new Availability.Available("always");
    }

    @Override
    public AttentionBackend create(BackendContext context) {
        return new ReferenceKernel(flaw, capabilities);
    }
}
