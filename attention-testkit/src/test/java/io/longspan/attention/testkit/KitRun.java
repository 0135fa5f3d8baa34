package io.longspan.attention.testkit;

import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import org.junit.platform.engine.CancellationToken;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.engine.UniqueId;
import org.junit.platform.launcher.Launcher;
import org.junit.platform.launcher.LauncherDiscoveryRequest;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.core.LauncherConfig;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherExecutionRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;
import org.junit.platform.launcher.listeners.SummaryGeneratingListener;
import org.junit.platform.launcher.listeners.TestExecutionSummary;

/**
 * One run of a contract class inside of a test.
 *
 * @param succeeded count of tests that passed
 * @param aborted count of tests, and of factories, that were aborted
 * @param failures names of tests that failed, the case after a colon, in order
 * @param messages of the failures, in the same order
 */
record KitRun(long succeeded, long aborted, List<String> failures, List<String> messages) {
    /** All of a contract. */
    static KitRun of(Class<?> contract, Map<String, String> parameters) {
        return of(contract, parameters, Integer.MAX_VALUE);
    }

    /** A contract until a count of tests has failed. */
    static KitRun of(Class<?> contract, Map<String, String> parameters, int failuresWanted) {
        LauncherDiscoveryRequest request =
                LauncherDiscoveryRequestBuilder.request()
                        .selectors(selectClass(contract))
                        .configurationParameters(parameters)
                        .build();
        // No listeners of the outer run: its report is not about these failures.
        LauncherConfig quiet =
                LauncherConfig.builder()
                        .enableTestExecutionListenerAutoRegistration(false)
                        .enableLauncherSessionListenerAutoRegistration(false)
                        .enableLauncherDiscoveryListenerAutoRegistration(false)
                        .build();
        SummaryGeneratingListener summary = new SummaryGeneratingListener();
        Launcher launcher = LauncherFactory.create(quiet);
        CancellationToken token = CancellationToken.create();
        launcher.execute(
                LauncherExecutionRequestBuilder.request(request)
                        .listeners(summary, new Enough(token, failuresWanted))
                        .cancellationToken(token)
                        .build());
        TestExecutionSummary done = summary.getSummary();
        return new KitRun(
                done.getTestsSucceededCount(),
                done.getTestsAbortedCount() + done.getContainersAbortedCount(),
                done.getFailures().stream().map(f -> name(f.getTestIdentifier())).toList(),
                done.getFailures().stream().map(f -> "" + f.getException().getMessage()).toList());
    }

    /** Names of the tests that failed, each once, without the cases. */
    List<String> failedTests() {
        return failures.stream().map(f -> f.split(":", 2)[0]).distinct().toList();
    }

    /** The first three failures and how many there were. */
    String brief() {
        return failures.stream().limit(3).collect(Collectors.joining("; "))
                + " ("
                + failures.size()
                + " failures in "
                + failedTests().size()
                + " tests)";
    }

    private static String name(TestIdentifier test) {
        String method =
                test.getUniqueIdObject().getSegments().stream()
                        .filter(s ->
                                s.getType().equals("method") || s.getType().equals("test-factory"))
                        .map(UniqueId.Segment::getValue)
                        .map(value -> value.replace("()", ""))
                        .findFirst()
                        .orElse(test.getDisplayName());
        boolean dynamic = test.getDisplayName().contains(method);
        return dynamic ? method : method + ": " + test.getDisplayName();
    }

    /** Ends a run after a count of failures. */
    private record Enough(CancellationToken token, int wanted, AtomicInteger seen)
            implements TestExecutionListener {
        Enough(CancellationToken token, int wanted) {
            this(token, wanted, new AtomicInteger());
        }

        @Override
        public void executionFinished(TestIdentifier test, TestExecutionResult result) {
            if (result.getStatus() == TestExecutionResult.Status.FAILED
                    && seen.incrementAndGet() >= wanted) {
                token.cancel();
            }
        }
    }
}
