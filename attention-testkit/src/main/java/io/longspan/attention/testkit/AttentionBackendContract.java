package io.longspan.attention.testkit;

import io.longspan.attention.AttentionBackendProvider;
import io.longspan.attention.testkit.run.KernelMemory;
import io.longspan.attention.testkit.run.Tolerances;
import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;

/**
 * The whole contract. Extend it in the test of a backend and return the provider.
 *
 * <p>When the backend is unavailable, everything that needs it is aborted with its reason, unless
 * its name is in the system property {@code testkit.expect}: then it fails.
 */
public abstract class AttentionBackendContract
        implements ProviderContract,
                CapabilityContract,
                ForwardContract,
                MaskingContract,
                GradientContract,
                PropertyContract,
                DropoutContract,
                NumericsContract,
                RoundedProductsContract,
                DeterminismContract,
                LifecycleContract,
                KernelContract {
    private @Nullable ContractSubject subject;

    /** For subclasses. */
    protected AttentionBackendContract() {}

    /** The provider to test; called once per test. */
    protected abstract AttentionBackendProvider provider();

    /** Options to create the backend with, by name; defaults for the others. */
    protected Map<String, String> options() {
        return Map.of();
    }

    /** Tolerances to hold it to: the kit's, or tighter ones. */
    protected Tolerances tolerances() {
        return Tolerances.fp32();
    }

    /** Where the tensors of a kernel live; override for a kernel that needs device memory. */
    protected KernelMemory memory() {
        return KernelMemory.host();
    }

    @Override
    public final ContractSubject subject() {
        ContractSubject current = subject;
        if (current == null) {
            current =
                    new ContractSubject(
                            provider(), options(), tolerances(), memory(), expectedBackends());
            subject = current;
        }
        return current;
    }

    /** Closes the backend of a test. */
    @AfterEach
    final void closeSubject() {
        if (subject != null) {
            subject.close();
        }
    }

    Set<String> expectedBackends() {
        return Arrays.stream(System.getProperty("testkit.expect", "").split(",", -1))
                .map(String::strip)
                .collect(Collectors.toUnmodifiableSet());
    }
}
