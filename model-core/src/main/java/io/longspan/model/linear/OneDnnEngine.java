package io.longspan.model.linear;

import io.longspan.attention.compute.ComputeCrew;
import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BooleanSupplier;

/** oneDNN, and what each thread of the crew that runs its tiles works in. */
final class OneDnnEngine implements AutoCloseable {
    // Bits of dnnl_cpu_isa_t.
    private static final int AVX2 = 0x4;
    private static final int AVX2_VNNI = 0x8;
    private static final int AVX2_BF16 = 0x10;
    private static final int AVX512 = 0x20;
    private static final int AVX512_VNNI = 0x40;
    private static final int AVX512_BF16 = 0x80;
    private static final String VECTOR_MODULE = "jdk.incubator.vector";

    private final Arena scope = Arena.ofShared();
    private final OneDnn dnn;
    private final ComputeCrew crew;

    /** Workers whose OpenMP settings are made; each reads and writes its own place only. */
    private final boolean[] alone;

    private final List<WorkerScratch> scratches = new ArrayList<>();
    private final Set<OneDnnLinear> open = ConcurrentHashMap.newKeySet();
    private final Map<LinearShape, Boolean> tall = new ConcurrentHashMap<>();
    private final Map<LinearShape, Boolean> tallWithBias = new ConcurrentHashMap<>();
    private final String version;

    /**
     * @param crew that runs tiles; stays the caller's to close, after this
     */
    OneDnnEngine(ComputeCrew crew) {
        this.crew = crew;
        alone = new boolean[crew.threads()];
        dnn = new OneDnn(scope);
        version = dnn.version();
        for (int worker = 0; worker < crew.threads(); worker++) {
            scratches.add(new WorkerScratch(dnn));
        }
    }

    OneDnn dnn() {
        return dnn;
    }

    ComputeCrew crew() {
        return crew;
    }

    String version() {
        return version;
    }

    WorkerScratch scratch(int worker) {
        return scratches.get(worker);
    }

    /** Runs tiles on the crew; the caller's OpenMP settings are as before afterwards. */
    void run(int tiles, ComputeCrew.Job work) {
        requireOpen();
        dnn.alone(() ->
                crew.run(
                        tiles,
                        (tile, worker) -> {
                            if (worker != 0 && !alone[worker]) {
                                dnn.oneThread();
                                alone[worker] = true;
                            }
                            work.run(tile, worker);
                        }));
    }

    private void requireOpen() {
        if (!scope.scope().isAlive()) {
            throw new IllegalStateException("the linear kernels are closed");
        }
    }

    OneDnnLinear pack(LinearWeights weights, LinearShape shape) {
        OneDnnLinear[] packed = new OneDnnLinear[1];
        dnn.alone(() -> packed[0] = new OneDnnLinear(this, weights, shape));
        open.add(packed[0]);
        return packed[0];
    }

    /** Whether tall tiles may be used for a shape, with a bias or without, tried once. */
    boolean tallTiles(LinearShape shape, boolean bias, BooleanSupplier trial) {
        return (bias ? tallWithBias : tall).computeIfAbsent(shape, unknown -> trial.getAsBoolean());
    }

    /** Ends a layer when no tile of it runs. */
    void release(OneDnnLinear linear, Runnable end) {
        if (open.remove(linear)) {
            try (ComputeCrew.Turn _ = crew.turn()) {
                end.run();
            }
        }
    }

    /** Whether this CPU has the instructions of a precision. */
    LinearAvailability availability(LinearPrecision precision) {
        int has = dnn.instructions();
        return switch (precision) {
            case FP32 -> instructions(has, AVX2 | AVX512, "AVX2 nor AVX-512");
            case BF16 ->
                    instructions(has, AVX2_BF16 | AVX512_BF16, "AVX-512 BF16 nor its AVX2 form");
            case INT8 ->
                    ModuleLayer.boot().findModule(VECTOR_MODULE).isPresent()
                            ? instructions(
                                    has, AVX2_VNNI | AVX512_VNNI, "AVX-512 VNNI nor AVX VNNI")
                            : new LinearAvailability.Unavailable(
                                    "rounding rows to 8 bits needs the module '"
                                            + VECTOR_MODULE
                                            + "'; start Java with --add-modules "
                                            + VECTOR_MODULE);
        };
    }

    private LinearAvailability instructions(int has, int oneOf, String names) {
        return (has & oneOf) != 0
                ? new LinearAvailability.Available("oneDNN " + version)
                : new LinearAvailability.Unavailable("this CPU has neither " + names);
    }

    @Override
    public void close() {
        List.copyOf(open).forEach(OneDnnLinear::close);
        try (ComputeCrew.Turn _ = crew.turn()) {
            scratches.forEach(WorkerScratch::close);
            if (scope.scope().isAlive()) {
                scope.close();
            }
        }
    }
}
