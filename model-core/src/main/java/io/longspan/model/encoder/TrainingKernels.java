package io.longspan.model.encoder;

import io.longspan.attention.compute.ComputeCrew;
import io.longspan.model.config.LongformerConfig;
import io.longspan.model.linear.LinearAvailability;
import io.longspan.model.linear.LinearKernels;
import io.longspan.model.linear.LinearPrecision;
import io.longspan.model.linear.MatrixProducts;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What layers are trained with: products on the crew and ways back that are written out, or the
 * engine's automatic differentiation. One pass at a time; whoever opened it closes it.
 */
public final class TrainingKernels implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(TrainingKernels.class);

    /** Asked for here, since {@link GeluLines} cannot be loaded without it. */
    private static final String VECTOR_MODULE = "jdk.incubator.vector";

    /** The name of what computes where nothing else does. */
    public static final String ENGINE = "engine";

    private final @Nullable LinearKernels linears;
    private final @Nullable MatrixProducts products;
    private final @Nullable ComputeCrew ownCrew;
    private final String reason;
    private final boolean chosen;
    private final Set<String> said = ConcurrentHashMap.newKeySet();
    private @Nullable WrittenSpace idle;
    private boolean closed;
    private boolean told;
    private OptionalLong keptBytes = OptionalLong.empty();

    private TrainingKernels(
            @Nullable LinearKernels linears,
            @Nullable MatrixProducts products,
            @Nullable ComputeCrew ownCrew,
            String reason,
            boolean chosen) {
        this.chosen = chosen;
        this.linears = linears;
        this.products = products;
        this.ownCrew = ownCrew;
        this.reason = reason;
    }

    /**
     * The best that this machine can have, on a crew of its own with a thread per processor. Never
     * fails for lack of a library or of instructions: {@link #fallback} says what is missing.
     */
    public static TrainingKernels open() {
        ComputeCrew own = ComputeCrew.ofProcessors();
        try {
            return open(own, own);
        } catch (RuntimeException | Error e) {
            own.close();
            throw e;
        }
    }

    /**
     * The same on the threads of this process.
     *
     * @param crew stays the caller's to close, after this
     */
    public static TrainingKernels open(ComputeCrew crew) {
        return open(crew, null);
    }

    private static TrainingKernels open(ComputeCrew crew, @Nullable ComputeCrew own) {
        if (ModuleLayer.boot().findModule(VECTOR_MODULE).isEmpty()) {
            return new TrainingKernels(
                    null,
                    null,
                    own,
                    "it needs the module '"
                            + VECTOR_MODULE
                            + "'; start Java with --add-modules "
                            + VECTOR_MODULE,
                    false);
        }
        LinearKernels linears = LinearKernels.open(crew);
        Optional<MatrixProducts> products = linears.products();
        String missing =
                linears.availability(LinearPrecision.FP32)
                                instanceof LinearAvailability.Unavailable(String why)
                        ? why
                        : "";
        return new TrainingKernels(linears, products.orElse(null), own, missing, false);
    }

    /**
     * The engine's automatic differentiation for everything, for comparing.
     *
     * @param reason for the report
     */
    public static TrainingKernels engineOnly(String reason) {
        return new TrainingKernels(null, null, null, reason, true);
    }

    /** Why the engine differentiates every layer, or nothing. */
    public Optional<String> fallback() {
        return products == null ? Optional.of(reason) : Optional.empty();
    }

    /** Products of matrices on the crew; none where the engine does everything. */
    public Optional<MatrixProducts> products() {
        return Optional.ofNullable(products);
    }

    /**
     * How much a step that {@linkplain Activations#RECOMPUTED makes its layers again} keeps of them
     * beyond what it always does, so that less has to be made again. No number depends on it.
     *
     * @param bytes at most
     */
    public void keep(long bytes) {
        keptBytes = OptionalLong.of(bytes);
        told = true;
    }

    /** The same where nobody said. */
    public void keepUnlessTold(long bytes) {
        if (keptBytes.isEmpty()) {
            keptBytes = OptionalLong.of(bytes);
        }
    }

    long keptBytes() {
        return keptBytes.orElse(0);
    }

    /** Says once for each reason that a batch goes the engine's way, unless that was chosen. */
    void sayFallback(String why) {
        if (!chosen && said.add(why)) {
            LOG.warn("Layers are differentiated by the engine, which takes longer: {}", why);
            if (told) {
                LOG.warn("The memory for layers that are computed again is not used by the engine");
            }
        }
    }

    /** What computes layers, for reports and checkpoints; numbers depend on it to rounding. */
    public String name() {
        MatrixProducts products = this.products;
        return products == null || linears == null
                ? ENGINE
                : linears.availability(LinearPrecision.FP32)
                                instanceof LinearAvailability.Available(String kernel)
                        ? kernel + " on " + products.threads() + " threads"
                        : ENGINE;
    }

    /** Memory for a pass, {@link #giveBack given back} after it. */
    WrittenSpace take(LongformerConfig config, Tiling tiling, int threads) {
        WrittenSpace space = idle;
        idle = null;
        if (space == null) {
            space = new WrittenSpace(config.hiddenSize(), config.intermediateSize());
        }
        try {
            space.fit(threads, tiling.tile());
            return space;
        } catch (RuntimeException | Error e) {
            space.close();
            throw e;
        }
    }

    /** Bytes of the memory that no pass has. */
    long idleBytes() {
        return idle == null ? 0 : idle.bytes();
    }

    void giveBack(WrittenSpace space) {
        if (idle == null && !closed) {
            idle = space;
        } else {
            space.close();
        }
    }

    @Override
    public void close() {
        closed = true;
        if (idle != null) {
            idle.close();
            idle = null;
        }
        if (linears != null) {
            linears.close();
        }
        if (ownCrew != null) {
            ownCrew.close();
        }
    }
}
