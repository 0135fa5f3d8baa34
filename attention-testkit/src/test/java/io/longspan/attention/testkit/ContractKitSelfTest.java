package io.longspan.attention.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import io.longspan.attention.testkit.mutant.ComposedFlaw;
import io.longspan.attention.testkit.mutant.Flaw;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.TestInstance;

/** The kit finds every flaw it is shown: a mutant that survives is a hole in the kit. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class ContractKitSelfTest {
    /** A mutant with so many failures is dead; the rest of its run would only take time. */
    private static final int ENOUGH = 16;

    private static final Path REPORT = Path.of("target", "mutants.md");

    private final List<String> report = new ArrayList<>();

    @TestFactory
    Stream<DynamicTest> everyKernelMutantIsKilled() {
        return Arrays.stream(Flaw.values())
                .filter(flaw -> flaw != Flaw.NONE)
                .map(flaw -> killed(Subjects.Kernel.class, flaw.name()));
    }

    @TestFactory
    Stream<DynamicTest> everyComposedMutantIsKilled() {
        return Arrays.stream(ComposedFlaw.values())
                .filter(flaw -> flaw != ComposedFlaw.NONE)
                .map(flaw -> killed(Subjects.Composed.class, flaw.name()));
    }

    @Test
    void aBackendWithoutAFlawPasses() {
        KitRun run = KitRun.of(Subjects.Kernel.class, Map.of(Subjects.FLAW, Flaw.NONE.name()));
        assertThat(run.failures()).isEmpty();
        assertThat(run.succeeded()).isGreaterThan(1000);
    }

    @Test
    void aTestMayNotLoosenTheTolerances() {
        assertThat(KitRun.of(Subjects.Lenient.class, Map.of()).failedTests())
                .containsExactly("tolerancesAreNoLooserThanTheKits");
    }

    @Test
    void anUnavailableBackendIsAbortedAndItsProviderIsStillTested() {
        KitRun run = KitRun.of(Subjects.Unavailable.class, Map.of());
        assertThat(run.failures()).isEmpty();
        assertThat(run.succeeded()).isGreaterThanOrEqualTo(8);
        assertThat(run.aborted()).isGreaterThan(20);
    }

    @Test
    void anExpectedBackendThatIsUnavailableFailsWithItsReason() {
        KitRun run = KitRun.of(Subjects.ExpectedButUnavailable.class, Map.of());
        assertThat(run.failedTests())
                .contains("anExpectedBackendIsAvailable", "outputEqualsTheOracle");
        assertThat(run.messages())
                .anySatisfy(m -> assertThat(m).contains("no such processor", "testkit.expect"));
    }

    @AfterAll
    void writeReport() throws IOException {
        List<String> lines = new ArrayList<>();
        lines.add("# Mutants and the tests that killed them");
        lines.add("");
        lines.add("A run ends after " + ENOUGH + " failures.");
        lines.add("");
        lines.add("| mutant | killed by |");
        lines.add("|---|---|");
        lines.addAll(report);
        Files.createDirectories(REPORT.getParent());
        Files.write(REPORT, lines);
        lines.forEach(System.out::println);
    }

    private DynamicTest killed(Class<?> contract, String flaw) {
        return dynamicTest(
                flaw,
                () -> {
                    KitRun run = KitRun.of(contract, Map.of(Subjects.FLAW, flaw), ENOUGH);
                    String verdict = run.failures().isEmpty() ? "SURVIVED" : run.brief();
                    report.add("| " + flaw + " | " + verdict + " |");
                    assertThat(run.failures()).as("tests that failed for %s", flaw).isNotEmpty();
                });
    }
}
