package io.longspan.model.linear;

import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BooleanSupplier;

/** oneDNN, the crew that runs its tiles, and what each of the crew works in. */
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
    private final TileCrew crew;
    private final List<WorkerScratch> scratches = new ArrayList<>();
    private final Set<OneDnnLinear> open = ConcurrentHashMap.newKeySet();
    private final Map<LinearShape, Boolean> tall = new ConcurrentHashMap<>();
    private final Map<LinearShape, Boolean> tallWithBias = new ConcurrentHashMap<>();
    private final String version;

    OneDnnEngine(int threads) {
        dnn = new OneDnn(scope);
        version = dnn.version();
        for (int worker = 0; worker < threads; worker++) {
            scratches.add(new WorkerScratch(dnn));
        }
        crew = new TileCrew(threads, dnn::oneThread);
    }

    OneDnn dnn() {
        return dnn;
    }

    TileCrew crew() {
        return crew;
    }

    String version() {
        return version;
    }

    WorkerScratch scratch(int worker) {
        return scratches.get(worker);
    }

    /** Runs tiles on the crew; the caller's OpenMP settings are as before afterwards. */
    void run(int tiles, TileCrew.Tiles work) {
        dnn.alone(() -> crew.run(tiles, work));
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
            crew.between(end);
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
        crew.close();
        scratches.forEach(WorkerScratch::close);
        if (scope.scope().isAlive()) {
            scope.close();
        }
    }
}
