package io.longspan.model.encoder;

import io.longspan.attention.Device;
import io.longspan.attention.ElementType;
import io.longspan.attention.Feature;
import io.longspan.attention.Workload;
import io.longspan.model.config.LongformerConfig;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;

/** What a model asks of an attention backend, for selection before anything runs. */
public final class AttentionNeeds {
    private AttentionNeeds() {}

    /**
     * One workload per distinct layer of a configuration, in float32 on the given kind of device.
     */
    public static List<Workload> of(
            LongformerConfig config, Set<Feature> calls, Device.Kind device) {
        return IntStream.range(0, config.layers())
                .mapToObj(config::pattern)
                .distinct()
                .map(pattern ->
                        new Workload(pattern, config.headSize(), ElementType.FP32, device, calls))
                .toList();
    }
}
