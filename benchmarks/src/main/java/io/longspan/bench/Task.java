package io.longspan.bench;

import io.longspan.attention.AttentionPattern;
import io.longspan.attention.Feature;
import io.longspan.attention.SequenceLayout;
import io.longspan.attention.Workload;
import java.util.Set;

/** A request in the words of the attention contract. */
record Task(SequenceLayout layout, AttentionPattern pattern, Workload workload) {
    static Task of(AttentionBenchRequest asked) {
        int[] globals = new int[asked.globals()];
        for (int g = 0; g < globals.length; g++) {
            globals[g] = (int) ((long) g * asked.tokens() / globals.length);
        }
        SequenceLayout layout = SequenceLayout.allLocal(asked.tokens()).withGlobals(globals);
        AttentionPattern pattern =
                AttentionPattern.builder(asked.heads())
                        .reach(asked.window() / 2, asked.window() / 2)
                        .dilation(asked.dilation())
                        .scaleFor(asked.headSize())
                        .build();
        Set<Feature> calls = layout.features();
        if (asked.gradients()) {
            calls.add(Feature.GRADIENTS);
        }
        return new Task(layout, pattern, Workload.onCpu(pattern, asked.headSize(), calls));
    }
}
