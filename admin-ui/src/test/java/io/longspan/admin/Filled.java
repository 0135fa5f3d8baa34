package io.longspan.admin;

import io.longspan.store.Store;
import io.longspan.store.inference.InferenceRow;
import io.longspan.store.model.ModelRow;
import io.longspan.store.node.NodeRow;
import io.longspan.store.run.Metric;
import io.longspan.store.run.NewRun;
import io.longspan.store.run.RunState;
import io.longspan.store.work.WorkKind;
import io.longspan.store.work.WorkRow;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import java.util.Set;
import java.util.UUID;

/** A store with something in every section. Names that people give hold {@link #EVIL}. */
final class Filled {
    static final String EVIL = "<script>alert('x')</script>";
    static final String EVIL_ESCAPED = "&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt;";

    /**
     * A report in which a backend of an older version says less, as {@code longspan backends
     * --json} writes it.
     */
    static final String REPORT =
            """
            {"asked": "auto", "chosen": "chunks", "error": null,
             "backends": [
               {"name": "cuda", "version": "0.1.0", "available": false, "supported": false, "chosen": false,
                "reason": "no NVIDIA driver (libcuda.so.1) on this machine", "summary": "CUDA kernels"},
               {"name": "chunks", "version": "0.1.0", "available": true, "supported": true, "chosen": true, "reason": "",
                "summary": "overlapping chunks as batched products", "origin": "class path"},
               {"name": "loop", "available": true, "supported": true},
               {}],
             "rejected": [{"origin": "plugins/broken.jar", "reason": "the provider's class cannot be loaded"}]}
            """;

    private static final Duration DEAD = Duration.ofMinutes(1);

    final Store store;
    long endedRun;
    long liveRun;
    long running;
    long stopping;
    long waiting;
    long failed;
    UUID goodCall = new UUID(0, 0);
    UUID badCall = new UUID(0, 0);

    private Filled(Store store) {
        this.store = store;
    }

    static Filled of(Store store) {
        Filled filled = new Filled(store);
        filled.nodes();
        filled.dataSets();
        filled.runs();
        filled.models();
        filled.work();
        filled.inferences();
        return filled;
    }

    /** One more step of the run that goes on. */
    void step(long step) {
        Random noise = new Random(step);
        store.runs()
                .metric(
                        liveRun,
                        new Metric(Metric.LOSS, step, loss(step) + 0.25 * noise.nextGaussian()));
        if (step % 20 == 0) {
            store.runs().metric(liveRun, new Metric(Metric.HELD_OUT_LOSS, step, loss(step) + 0.05));
        }
    }

    private static double loss(long step) {
        return 6.9 + 3.1 * Math.exp(-step / 60.0) - 0.0012 * step;
    }

    /** Says that the processes live; they count as gone half a minute later. */
    void nodes() {
        store.nodes()
                .beat(node(1, "serve,admin", "grpc 127.0.0.1:9090, http 127.0.0.1:8080", 4711));
        store.nodes().beat(node(2, "worker", "", 4712));
    }

    private static NodeRow node(long key, String roles, String address, long pid) {
        return new NodeRow(
                new UUID(0, key),
                roles,
                "host" + EVIL,
                pid,
                "0.1.0",
                address,
                Optional.of(REPORT),
                Instant.EPOCH,
                Instant.EPOCH,
                Optional.empty());
    }

    private void dataSets() {
        store.dataSets().begin("books" + EVIL, "/data/sets/books", "books", "abc");
        store.dataSets().progress("/data/sets/books", 17_868, 232, 1_105_264_713, 12);
        store.dataSets().ready("/data/sets/books", "{}");
        store.dataSets()
                .begin("wikipedia-2026-10", "/data/sets/wikipedia-2026-10", "wikipedia", "abc");
        store.dataSets().progress("/data/sets/wikipedia-2026-10", 812_400, 10_031, 612_330_871, 7);
    }

    private void runs() {
        endedRun = store.runs().begin(newRun("tiny-warm-up", "/data/runs/warm-up", 100));
        store.runs().metric(endedRun, new Metric(Metric.HELD_OUT_LOSS, 0, 10.8712));
        store.runs().metric(endedRun, new Metric(Metric.LOSS, 1, 10.9));
        store.runs()
                .end(
                        endedRun,
                        RunState.FAILED,
                        "the disk of '/data/runs' is full; free some space and resume");
        liveRun =
                store.runs()
                        .begin(newRun("longformer-base-4096" + EVIL, "/data/runs/base-4096", 3000));
        store.runs().metric(liveRun, new Metric(Metric.HELD_OUT_LOSS, 0, 10.0731));
        for (long step = 1; step <= 420; step++) {
            step(step);
        }
    }

    private static NewRun newRun(String name, String output, long steps) {
        return new NewRun(
                name,
                "masked-lm",
                "{\"seed\": 17}",
                output,
                "/data/sets/books",
                "chunks",
                "0.1.0",
                steps);
    }

    private void models() {
        store.models()
                .register(
                        model(
                                "longformer-books",
                                "2026-11-23.1",
                                148_659_456,
                                OptionalLong.of(endedRun)));
        store.models().register(model("tiny" + EVIL, "1", 2_871_344, OptionalLong.empty()));
    }

    private static ModelRow model(String name, String version, long parameters, OptionalLong run) {
        return new ModelRow(
                name,
                version,
                "/data/models/" + version,
                "d1",
                "masked-lm",
                "longformer",
                parameters,
                4096,
                run,
                Instant.EPOCH);
    }

    private void work() {
        long done =
                store.work().submit(WorkKind.INGEST, "books into /data/sets/books", "{}", "admin");
        store.work().done(take("worker-1"), "{}");
        failed = store.work().submit(WorkKind.INGEST, "stories" + EVIL, "{}", "otto");
        store.work()
                .failed(
                        take("worker-1"),
                        "source '/data/stories"
                                + EVIL
                                + "' does not exist; name a file or a folder");
        running = store.work().submit(WorkKind.TRAIN, "longformer-base-4096", "{}", "admin");
        store.work().beat(take("worker-1"), 420, 3000, "step 420, 31,200 tokens/s");
        stopping =
                store.work()
                        .submit(
                                WorkKind.INGEST,
                                "wikipedia into /data/sets/wikipedia-2026-10",
                                "{}",
                                "otto");
        store.work().beat(take("worker-2"), 7, 27, "shard 8 of 27");
        store.work().requestStop(stopping);
        waiting =
                store.work()
                        .submit(
                                WorkKind.INGEST,
                                "realnews into /data/sets/realnews",
                                "{}",
                                "admin");
        if (done >= failed) {
            throw new IllegalStateException("keys do not grow");
        }
    }

    private WorkRow take(String worker) {
        return store.work().take(worker, Set.of(WorkKind.values()), DEAD).orElseThrow();
    }

    private void inferences() {
        List<InferenceRow> rows = new ArrayList<>();
        Random random = new Random(5);
        for (int i = 0; i < 12; i++) {
            rows.add(
                    call(
                            random,
                            i,
                            i == 3 ? "INVALID_ARGUMENT" : i == 7 ? "DEADLINE_EXCEEDED" : "OK"));
        }
        goodCall = rows.getFirst().id();
        badCall = rows.get(3).id();
        store.inferences().add(rows);
    }

    private static InferenceRow call(Random random, int back, String status) {
        boolean good = status.equals("OK");
        int tokens = 200 + random.nextInt(3800);
        return new InferenceRow(
                UUID.randomUUID(),
                Instant.now().minusSeconds(4 + 31L * back),
                back % 3 == 0 ? "search" + EVIL : "anonymous",
                "longspan.v1.Inference/" + (back % 2 == 0 ? "Embed" : "FillMask"),
                "longformer-books",
                "2026-11-23.1",
                good ? "chunks" : "",
                good ? "0.1.0" : "",
                "fp32",
                tokens,
                400_000,
                1_234_567,
                good ? tokens * 210_000L : 0,
                good ? tokens * 215_000L : 2_100_000,
                good ? 1 + random.nextInt(8) : 0,
                status,
                status.equals("INVALID_ARGUMENT")
                        ? "text has 5,000 tokens; the model takes 4,096"
                        : good ? "" : "the deadline passed in the queue",
                "00ff");
    }
}
