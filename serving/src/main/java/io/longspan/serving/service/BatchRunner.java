package io.longspan.serving.service;

import io.longspan.model.session.InferenceSession;
import io.longspan.serving.trace.CallSpan;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/**
 * Runs questions of one lot together, and gives what answers them. One that fails does not take its
 * neighbours with it.
 */
final class BatchRunner implements Function<List<InferenceWork<?, ?>>, Runnable> {
    @Override
    public Runnable apply(List<InferenceWork<?, ?>> batch) {
        return run(ofOneLot(batch));
    }

    /** Equal lots hold equal operations, and these give results of one type. */
    @SuppressWarnings("unchecked")
    private static List<InferenceWork<Object, ?>> ofOneLot(List<InferenceWork<?, ?>> batch) {
        List<InferenceWork<Object, ?>> same = new ArrayList<>();
        batch.forEach(work -> same.add((InferenceWork<Object, ?>) work));
        return same;
    }

    private static <R> Runnable run(List<InferenceWork<R, ?>> batch) {
        long begin = System.nanoTime();
        List<InferenceWork<R, ?>> wanted = batch.stream().filter(w -> w.begins(begin)).toList();
        if (wanted.isEmpty()) {
            return () -> {};
        }
        InferenceWork.Lot<R> lot = wanted.getFirst().lot();
        InferenceSession session = lot.model().session();
        List<R> results;
        try {
            results =
                    lot.operation()
                            .run(session, wanted.stream().map(InferenceWork::texts).toList());
        } catch (RuntimeException | Error e) {
            return failed(wanted, e);
        }
        long nanos = System.nanoTime() - begin;
        return () -> {
            int tokens = wanted.stream().mapToInt(InferenceWork::tokens).sum();
            InferenceWork.Batch ran =
                    new InferenceWork.Batch(
                            begin,
                            nanos,
                            wanted.size(),
                            tokens,
                            CallSpan.batch(
                                    wanted.stream().map(InferenceWork::span).toList(),
                                    begin,
                                    begin + nanos,
                                    tokens));
            for (int w = 0; w < wanted.size(); w++) {
                wanted.get(w).complete(results.get(w), ran);
            }
        };
    }

    /** Nobody knows whose fault it was, so each gets a run of its own. */
    private static <R> Runnable failed(List<InferenceWork<R, ?>> batch, Throwable problem) {
        if (batch.size() == 1) {
            return () -> batch.getFirst().fail(problem);
        }
        List<Runnable> answers = new ArrayList<>();
        batch.forEach(work -> answers.add(run(List.of(work))));
        return () -> answers.forEach(Runnable::run);
    }
}
