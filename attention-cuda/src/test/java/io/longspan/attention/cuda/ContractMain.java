package io.longspan.attention.cuda;

import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.engine.discovery.DiscoverySelectors;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;

/** Runs the contract on the machine's GPU where there is no Maven; {@code gpu/run.sh} calls it. */
public final class ContractMain {
    private int passed;
    private int failed;
    private int aborted;

    private ContractMain() {}

    /** Prints each failure and a line of counts. */
    public static void main(String[] arguments) {
        ContractMain run = new ContractMain();
        LauncherFactory.create()
                .execute(
                        LauncherDiscoveryRequestBuilder.request()
                                .selectors(DiscoverySelectors.selectClass(CudaContractTest.class))
                                .build(),
                        run.listener());
        System.out.printf(
                "kit: %d passed, %d aborted, %d failed%n", run.passed, run.aborted, run.failed);
        System.exit(run.failed == 0 && run.passed > 0 ? 0 : 1);
    }

    private TestExecutionListener listener() {
        return new TestExecutionListener() {
            @Override
            public void executionFinished(TestIdentifier test, TestExecutionResult result) {
                if (result.getStatus() == TestExecutionResult.Status.FAILED) {
                    failed++;
                    System.out.println(
                            test.getDisplayName() + ": " + result.getThrowable().orElse(null));
                } else if (result.getStatus() == TestExecutionResult.Status.ABORTED) {
                    aborted++;
                } else if (test.isTest()) {
                    passed++;
                }
            }
        };
    }
}
