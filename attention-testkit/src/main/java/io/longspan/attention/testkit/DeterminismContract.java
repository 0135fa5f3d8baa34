package io.longspan.attention.testkit;

import io.longspan.attention.Feature;
import io.longspan.attention.Guarantee;
import io.longspan.attention.testkit.cases.AttentionCase;
import io.longspan.attention.testkit.cases.AttentionTensors;
import io.longspan.attention.testkit.run.Answer;
import io.longspan.attention.testkit.run.GradientAnswer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** What each {@link Guarantee} promises. */
interface DeterminismContract extends ContractTopic {
    /** Threads that call at once; more than the backend was told to use itself. */
    int CALLERS = 4;

    /** Batches above this many tokens are rerun: small ones leave little to race about. */
    int ONE_TILE = 24;

    @TestFactory
    default Stream<DynamicTest> aRerunGivesTheSameBits() {
        subject().assumeGuaranteed(Guarantee.REPEATABLE);
        return subject()
                .each(
                        c -> c.layout().tokens() > ONE_TILE,
                        c -> {
                            AttentionTensors tensors = c.tensors();
                            CaseCheck check = new CaseCheck(c, subject());
                            check.identical(run(c, tensors), run(c, tensors));
                            if (subject().declares(Feature.GRADIENTS)) {
                                check.identical(
                                        subject().driver().gradients(c, tensors),
                                        subject().driver().gradients(c, tensors));
                            }
                        });
    }

    @TestFactory
    default Stream<DynamicTest> aSequenceGivesTheSameBitsInAnyBatch() {
        subject().assumeGuaranteed(Guarantee.BATCH_INVARIANT);
        return subject()
                .each(
                        c -> c.layout().sequences() > 1,
                        c -> SequenceSlice.requireSameBits(c, subject()));
    }

    @TestFactory
    default Stream<DynamicTest> gradientsOfASequenceAreTheSameBitsInAnyBatch() {
        subject().assumeGuaranteed(Guarantee.BATCH_INVARIANT);
        subject().assumeDeclared(Feature.GRADIENTS);
        return subject()
                .each(
                        c -> c.layout().sequences() > 1,
                        c -> {
                            AttentionTensors tensors = c.tensors();
                            GradientAnswer batch = subject().driver().gradients(c, tensors);
                            for (SequenceSlice slice : SequenceSlice.allOf(c)) {
                                GradientAnswer alone =
                                        subject()
                                                .driver()
                                                .gradients(slice.alone(), slice.cut(tensors));
                                CaseCheck check = new CaseCheck(slice.alone(), subject());
                                check.rows("gradient of the query")
                                        .identical(alone.query(), slice.cutRows(batch.query()));
                                check.keys("gradient of the key")
                                        .identical(alone.key(), slice.cutTokens(batch.key()));
                                check.keys("gradient of the value")
                                        .identical(alone.value(), slice.cutTokens(batch.value()));
                            }
                        },
                        Feature.GRADIENTS);
    }

    @Test
    default void severalThreadsMayCallAtOnce() throws InterruptedException {
        subject().assumeGuaranteed(Guarantee.CONCURRENT);
        List<AttentionCase> cases = subject().covered();
        boolean gradients =
                subject().declares(Feature.GRADIENTS) && subject().driver().concurrentGradients();
        try (ExecutorService callers = Executors.newFixedThreadPool(CALLERS)) {
            List<Future<?>> running = new ArrayList<>();
            for (int caller = 0; caller < CALLERS; caller++) {
                int first = caller;
                running.add(
                        callers.submit(() -> {
                            for (int i = first; i < cases.size(); i += CALLERS) {
                                checkAll(cases.get(i), gradients);
                            }
                        }));
            }
            for (Future<?> future : running) {
                future.get();
            }
        } catch (ExecutionException failed) {
            throw new AssertionError(
                    "a call among calls of other threads failed: " + failed.getCause(), failed);
        }
    }

    private void checkAll(AttentionCase asked, boolean gradients) {
        AttentionTensors tensors = asked.tensors();
        CaseCheck check = new CaseCheck(asked, subject());
        check.forward(run(asked, tensors), tensors);
        if (gradients) {
            check.gradients(subject().driver().gradients(asked, tensors), tensors);
        }
    }

    private Answer run(AttentionCase asked, AttentionTensors tensors) {
        return subject().driver().forward(asked, tensors, subject().declares(Feature.LOG_SUM_EXP));
    }
}
