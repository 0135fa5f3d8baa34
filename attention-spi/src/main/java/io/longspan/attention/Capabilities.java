package io.longspan.attention;

import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/**
 * What a backend declares it can do, for people, documents and the first round of selection.
 * Static: making one touches no native code.
 *
 * @param features supported, closed under {@link Feature#implied()}
 * @param guarantees given
 * @param types of query, key, value and output
 * @param devices on which it runs
 * @param headSizeMultiple D has to be a multiple of this
 * @param maxHeadSize largest D
 */
public record Capabilities(
        Set<Feature> features,
        Set<Guarantee> guarantees,
        Set<ElementType> types,
        Set<Device.Kind> devices,
        int headSizeMultiple,
        int maxHeadSize) {

    /** Copies the sets and checks that every implied feature is declared. */
    public Capabilities {
        features = frozen(features, Feature.class);
        guarantees = frozen(guarantees, Guarantee.class);
        types = frozen(types, ElementType.class);
        devices = frozen(devices, Device.Kind.class);
        for (Feature feature : features) {
            if (!features.containsAll(feature.implied())) {
                throw new IllegalArgumentException(
                        feature + " implies " + feature.implied() + "; declare them too");
            }
        }
        if (types.isEmpty() || devices.isEmpty()) {
            throw new IllegalArgumentException(
                    "a backend has to declare an element type and a device");
        }
        if (headSizeMultiple < 1 || maxHeadSize < headSizeMultiple) {
            throw new IllegalArgumentException(
                    "head sizes in multiples of "
                            + headSizeMultiple
                            + " up to "
                            + maxHeadSize
                            + " leave none; allowed is a multiple of 1 or more and a maximum not below it");
        }
    }

    /** Every feature in float32 on the CPU, any head size, repeatable. */
    public static Capabilities everythingOnCpu() {
        return new Capabilities(
                EnumSet.allOf(Feature.class),
                EnumSet.of(Guarantee.REPEATABLE),
                EnumSet.of(ElementType.FP32),
                EnumSet.of(Device.Kind.CPU),
                1,
                Integer.MAX_VALUE);
    }

    /** The same without some features. */
    public Capabilities without(Feature... removed) {
        EnumSet<Feature> left = EnumSet.noneOf(Feature.class);
        left.addAll(features);
        List.of(removed).forEach(left::remove);
        return new Capabilities(left, guarantees, types, devices, headSizeMultiple, maxHeadSize);
    }

    /** The same with other guarantees. */
    public Capabilities guaranteeing(Guarantee... given) {
        return new Capabilities(
                features, Set.of(given), types, devices, headSizeMultiple, maxHeadSize);
    }

    /**
     * Whether the declaration covers a workload, with a reason for each part that it does not
     * cover.
     */
    public Support check(Workload workload) {
        List<String> reasons = new ArrayList<>();
        for (Feature needed : workload.features()) {
            if (!features.contains(needed)) {
                reasons.add("does not support " + needed.words());
            }
        }
        if (!types.contains(workload.type())) {
            reasons.add("does not support " + workload.type() + "; supported: " + types);
        }
        if (!devices.contains(workload.device())) {
            reasons.add("does not run on " + workload.device() + "; supported: " + devices);
        }
        int size = workload.headSize();
        if (size % headSizeMultiple != 0 || size > maxHeadSize) {
            reasons.add(
                    "does not support head size "
                            + size
                            + "; it must be a multiple of "
                            + headSizeMultiple
                            + " up to "
                            + maxHeadSize);
        }
        return Support.of(reasons);
    }

    private static <E extends Enum<E>> Set<E> frozen(Set<E> from, Class<E> type) {
        EnumSet<E> copy = EnumSet.noneOf(type);
        copy.addAll(from);
        return Collections.unmodifiableSet(copy);
    }
}
