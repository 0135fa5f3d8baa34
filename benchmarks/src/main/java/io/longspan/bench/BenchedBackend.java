package io.longspan.bench;

import io.longspan.attention.Device;
import io.longspan.attention.registry.AttentionBackends;
import io.longspan.attention.registry.AttentionRegistry;
import io.longspan.attention.registry.AttentionSettings;
import io.longspan.attention.registry.SelectedBackend;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/** A backend by name with the tensors of a request, for JMH. Not for several threads. */
public final class BenchedBackend implements AutoCloseable {
    private final Deque<AutoCloseable> open = new ArrayDeque<>();
    private final List<Contender> contender;

    private BenchedBackend(List<Contender> contender) {
        this.contender = contender;
    }

    /** A place holder before one is opened. */
    public static BenchedBackend none() {
        return new BenchedBackend(List.of());
    }

    /** Opens a backend; the caller closes the result. */
    public static BenchedBackend open(String backend, AttentionBenchRequest asked) {
        EngineThreads.set(asked.threads());
        AttentionRegistry registry = AttentionRegistry.discover(null);
        SelectedBackend selected =
                AttentionBackends.open(
                        registry,
                        AttentionSettings.defaults().withBackend(backend),
                        List.of(Task.of(asked).workload()),
                        Device.CPU,
                        asked.threads());
        Contender contender = AttentionBench.contender(selected.backend(), asked);
        BenchedBackend benched = new BenchedBackend(List.of(contender));
        benched.open.push(registry);
        benched.open.push(selected);
        benched.open.push(contender);
        return benched;
    }

    /** A forward pass. */
    public void forward() {
        contender.getFirst().forward();
    }

    /** A forward and a backward pass. */
    public void train() {
        contender.getFirst().train();
    }

    /** The output of the forward pass, [T, H, D]. */
    public float[] output() {
        return contender.getFirst().output();
    }

    /** The gradients of query, key and value by another {@link #train}, [T, H, D] each. */
    public List<float[]> gradients() {
        return contender.getFirst().gradients();
    }

    @Override
    public void close() {
        while (!open.isEmpty()) {
            try {
                open.pop().close();
            } catch (Exception failed) {
                throw new IllegalStateException("a benchmark could not be closed", failed);
            }
        }
    }
}
