package io.longspan.attention.testkit;

import static org.junit.jupiter.api.Assumptions.abort;
import static org.junit.jupiter.api.Assumptions.assumeFalse;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.longspan.attention.AttentionBackend;
import io.longspan.attention.AttentionBackendProvider;
import io.longspan.attention.Availability;
import io.longspan.attention.BackendContext;
import io.longspan.attention.BackendOptions;
import io.longspan.attention.Capabilities;
import io.longspan.attention.Feature;
import io.longspan.attention.Guarantee;
import io.longspan.attention.Support;
import io.longspan.attention.testkit.cases.AttentionCase;
import io.longspan.attention.testkit.cases.AttentionCases;
import io.longspan.attention.testkit.run.BackendDriver;
import io.longspan.attention.testkit.run.KernelMemory;
import io.longspan.attention.testkit.run.Tolerances;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DynamicTest;

/** The backend under test: its provider, and the backend itself once a test needs it. */
final class ContractSubject implements AutoCloseable {
    private static final int THREADS = 2;

    private final AttentionBackendProvider provider;
    private final Map<String, String> options;
    private final Tolerances tolerances;
    private final KernelMemory memory;
    private final Set<String> expected;
    private @Nullable BackendDriver driver;

    ContractSubject(
            AttentionBackendProvider provider,
            Map<String, String> options,
            Tolerances tolerances,
            KernelMemory memory,
            Set<String> expected) {
        this.provider = provider;
        this.options = options;
        this.tolerances = tolerances;
        this.memory = memory;
        this.expected = expected;
    }

    AttentionBackendProvider provider() {
        return provider;
    }

    Capabilities capabilities() {
        return provider.capabilities();
    }

    Tolerances tolerances() {
        return tolerances;
    }

    /** Whether the build demands that this backend runs. */
    boolean isExpected() {
        return expected.contains(provider.name());
    }

    /**
     * Makes a backend, or aborts (fails, when it is expected) with the reason it is unavailable.
     */
    AttentionBackend create() {
        if (provider.availability()
                instanceof Availability.Unavailable(String reason, String hint)) {
            String message =
                    "backend '" + provider.name() + "' is unavailable: " + reason + "; " + hint;
            if (isExpected()) {
                throw new AssertionError(message + " (testkit.expect demands that it runs)");
            }
            abort(message);
        }
        BackendOptions checked = BackendOptions.of(provider.name(), provider.options(), options);
        return provider.create(new BackendContext(checked, memory.device(), THREADS));
    }

    /** The backend of this test, made at the first call. */
    BackendDriver driver() {
        BackendDriver current = driver;
        if (current == null) {
            current = BackendDriver.of(create(), memory);
            driver = current;
        }
        return current;
    }

    boolean declares(Feature feature) {
        return capabilities().features().contains(feature);
    }

    void assumeDeclared(Feature... features) {
        for (Feature feature : features) {
            assumeTrue(declares(feature), () -> "does not declare " + feature.words());
        }
    }

    void assumeGuaranteed(Guarantee guarantee) {
        assumeTrue(
                capabilities().guarantees().contains(guarantee),
                () -> "does not guarantee the " + guarantee.words());
    }

    /** Whether the declaration covers a case, with the extra features. */
    boolean covers(AttentionCase asked, Feature... extra) {
        return capabilities().check(asked.workload(driver().device(), extra))
                instanceof Support.Supported;
    }

    /** Every case that the declaration covers, with the extra features. */
    List<AttentionCase> covered(Feature... extra) {
        return AttentionCases.all(capabilities()).stream().filter(c -> covers(c, extra)).toList();
    }

    /** A case that a test states itself, or an abort when the declaration does not cover it. */
    AttentionCase assumeCovered(AttentionCase asked, Feature... extra) {
        if (capabilities().check(asked.workload(driver().device(), extra))
                instanceof Support.Unsupported(List<String> reasons)) {
            abort("backend '" + provider.name() + "' " + String.join("; ", reasons));
        }
        return asked;
    }

    /**
     * A test for each of the covered cases that a rule is about; an abort when its declaration
     * covers none. (That every declared feature has a case is a test of its own.)
     */
    Stream<DynamicTest> each(
            Predicate<AttentionCase> about, Consumer<AttentionCase> test, Feature... extra) {
        List<AttentionCase> cases = covered(extra).stream().filter(about).toList();
        assumeFalse(cases.isEmpty(), "it declares nothing that the rule is about");
        return cases.stream().map(c -> DynamicTest.dynamicTest(c.name(), () -> test.accept(c)));
    }

    @Override
    public void close() {
        if (driver != null) {
            driver.backend().close();
        }
    }
}
