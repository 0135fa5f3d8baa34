package io.longspan.training.config;

import io.longspan.attention.compute.ComputeCrew;
import io.longspan.model.ModelInputException;
import io.longspan.model.encoder.Activations;
import io.longspan.model.encoder.TrainingKernels;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How steps are computed.
 *
 * @param activations what a step remembers of its way forward: kept is faster, recomputed needs
 *     less memory, and the numbers are the same
 * @param keptMebibytes of layers that are recomputed, which are kept all the same; {@link #AUTO}
 *     for as much as the weights take
 * @param products what computes layers and differentiates them
 */
public record Computing(Activations activations, int keptMebibytes, Products products) {
    /** Stands for an amount that nobody gave. */
    public static final int AUTO = -1;

    static final String ACTIVATIONS = "activations";
    static final String KEPT_MEMORY = "kept_memory";
    static final String PRODUCTS = "products";
    static final List<String> KEYS = List.of(ACTIVATIONS, KEPT_MEMORY, PRODUCTS);

    private static final int MEBI = 20;

    /** What computes layers. */
    public enum Products {
        /** oneDNN and ways back that are written out, where they apply; else the engine. */
        AUTO,
        /** The engine and its automatic differentiation. */
        ENGINE
    }

    /** Checks. */
    public Computing {
        Need.that(keptMebibytes >= AUTO, KEPT_MEMORY, keptMebibytes, "0 or more");
        if (keptMebibytes != AUTO
                && (activations == Activations.KEPT || products == Products.ENGINE)) {
            throw new ModelInputException(
                    "training setting '"
                            + KEPT_MEMORY
                            + "' means nothing with "
                            + (activations == Activations.KEPT
                                    ? "activations: kept, which keeps everything"
                                    : "products: engine, which keeps the inputs of layers")
                            + "; remove it, or set activations: recomputed and products: auto");
        }
    }

    static Computing parse(Settings from) {
        String activations = from.text(ACTIVATIONS);
        String products = from.text(PRODUCTS);
        return new Computing(
                activations == null
                        ? Activations.KEPT
                        : Need.constant(ACTIVATIONS, activations, Activations.values()),
                from.text(KEPT_MEMORY) == null ? AUTO : from.count(KEPT_MEMORY, 0),
                products == null
                        ? Products.AUTO
                        : Need.constant(PRODUCTS, products, Products.values()));
    }

    void put(Map<String, String> all) {
        all.put(ACTIVATIONS, Need.key(activations));
        if (keptMebibytes != AUTO) {
            all.put(KEPT_MEMORY, Integer.toString(keptMebibytes));
        }
        all.put(PRODUCTS, Need.key(products));
    }

    /** Leaves out what runs of earlier versions did not write. */
    static void bind(Map<String, String> all) {
        all.remove(PRODUCTS, Need.key(Products.AUTO));
    }

    /**
     * How much of layers that are recomputed is kept all the same.
     *
     * @param weights bytes that they take
     */
    public long keptBytes(long weights) {
        return keptMebibytes == AUTO ? weights : (long) keptMebibytes << MEBI;
    }

    /**
     * What a model is trained with.
     *
     * @param crew of this process, or null for one of the kernels' own
     * @return the caller's to close, or to give to the model
     */
    public TrainingKernels kernels(@Nullable ComputeCrew crew) {
        if (products == Products.ENGINE) {
            return TrainingKernels.engineOnly("the setting '" + PRODUCTS + "' says so");
        }
        TrainingKernels kernels =
                crew == null ? TrainingKernels.open() : TrainingKernels.open(crew);
        if (keptMebibytes != AUTO) {
            kernels.keep(keptBytes(0));
        }
        return kernels;
    }
}
