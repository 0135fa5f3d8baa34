package io.longspan.model.linear;

import io.longspan.attention.compute.ComputeCrew;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Packs linear layers and computes them on a crew of threads. Threads may share it. Closing it
 * closes what is still open of what it packed.
 */
public final class LinearKernels implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(LinearKernels.class);

    private final ComputeCrew crew;
    private final @Nullable ComputeCrew ownCrew;
    private final @Nullable OneDnnEngine engine;
    private final Map<LinearPrecision, LinearAvailability> availability;
    private final Set<EngineLinear> standIns = ConcurrentHashMap.newKeySet();
    private final Set<String> said = ConcurrentHashMap.newKeySet();

    private LinearKernels(
            @Nullable OneDnnEngine engine,
            Map<LinearPrecision, LinearAvailability> availability,
            ComputeCrew crew,
            @Nullable ComputeCrew ownCrew) {
        this.crew = crew;
        this.ownCrew = ownCrew;
        this.engine = engine;
        this.availability = availability;
    }

    /**
     * The best kernels that this machine can have. Never fails for lack of a library or of
     * instructions: {@link #availability} says what is there.
     *
     * @param threads that compute, the caller's included
     */
    public static LinearKernels open(int threads) {
        ComputeCrew own = new ComputeCrew(threads);
        return open(own, own);
    }

    /**
     * The same on the threads of this process.
     *
     * @param crew stays the caller's to close, after this
     */
    public static LinearKernels open(ComputeCrew crew) {
        return open(crew, null);
    }

    private static LinearKernels open(ComputeCrew crew, @Nullable ComputeCrew own) {
        Optional<String> missing = OneDnnFiles.missing();
        if (missing.isPresent()) {
            return engineOnly(missing.get(), crew, own);
        }
        try {
            OneDnnEngine engine = new OneDnnEngine(crew);
            Map<LinearPrecision, LinearAvailability> found = new EnumMap<>(LinearPrecision.class);
            for (LinearPrecision precision : LinearPrecision.values()) {
                found.put(precision, engine.availability(precision));
            }
            return new LinearKernels(engine, found, crew, own);
        } catch (RuntimeException | LinkageError e) {
            // Natives fail in many ways: no room for the file, a loader that lacks a library.
            return engineOnly("oneDNN could not be loaded: " + e, crew, own);
        }
    }

    /**
     * DJL's linear for everything, for comparison.
     *
     * @param reason for the report
     */
    public static LinearKernels engineOnly(String reason) {
        ComputeCrew own = new ComputeCrew(1);
        return engineOnly(reason, own, own);
    }

    private static LinearKernels engineOnly(
            String reason, ComputeCrew crew, @Nullable ComputeCrew own) {
        Map<LinearPrecision, LinearAvailability> none = new EnumMap<>(LinearPrecision.class);
        for (LinearPrecision precision : LinearPrecision.values()) {
            none.put(precision, new LinearAvailability.Unavailable(reason));
        }
        return new LinearKernels(null, none, crew, own);
    }

    /** The threads that compute; stay their owner's. */
    public ComputeCrew crew() {
        return crew;
    }

    /** Whether packed kernels of a precision are to be had here. */
    public LinearAvailability availability(LinearPrecision precision) {
        LinearAvailability found = availability.get(precision);
        if (found == null) {
            throw new IllegalArgumentException("no such precision: " + precision);
        }
        return found;
    }

    /**
     * Products of float32 matrices that are not packed; none where {@link #availability} says that
     * float32 kernels are not to be had. Valid until this is closed.
     */
    public Optional<MatrixProducts> products() {
        return engine != null
                        && availability(LinearPrecision.FP32)
                                instanceof LinearAvailability.Available
                ? Optional.of(new MatrixProducts(engine))
                : Optional.empty();
    }

    /**
     * Packs a layer. Where its kernel is not to be had, DJL's linear stands in, with a warning once
     * and the reason in {@link PackedLinear#fallback}.
     *
     * @return the caller's to close
     */
    public PackedLinear pack(LinearWeights weights, LinearPrecision precision, Finish finish) {
        LinearAvailability found = availability(precision);
        if (engine == null || found instanceof LinearAvailability.Unavailable) {
            String reason =
                    found instanceof LinearAvailability.Unavailable unavailable
                            ? unavailable.reason()
                            : "the kernels were not opened";
            return standIn(weights, precision, finish, reason);
        }
        LinearShape shape = new LinearShape(weights.in(), weights.out(), precision, finish);
        try {
            return engine.pack(weights, shape);
        } catch (OneDnnException e) {
            if (e.unimplemented()) {
                return standIn(weights, precision, finish, "oneDNN has no code for " + shape);
            }
            throw e;
        }
    }

    private PackedLinear standIn(
            LinearWeights weights, LinearPrecision precision, Finish finish, String reason) {
        if (said.add(precision + reason)) {
            LOG.warn("Linear layers in {} run as DJL's linear in FP32: {}", precision, reason);
        }
        EngineLinear standIn = new EngineLinear(weights, finish, reason, crew, standIns::remove);
        standIns.add(standIn);
        return standIn;
    }

    @Override
    public void close() {
        List.copyOf(standIns).forEach(EngineLinear::close);
        if (engine != null) {
            engine.close();
        }
        if (ownCrew != null) {
            ownCrew.close();
        }
    }
}
