package io.longspan.bench.serve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.grpc.InsecureServerCredentials;
import io.grpc.Server;
import io.grpc.Status;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.StreamObserver;
import io.longspan.api.v1.CallInfo;
import io.longspan.api.v1.EmbedRequest;
import io.longspan.api.v1.EmbedResponse;
import io.longspan.api.v1.InferenceGrpc;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;

/** The load against a server that does nothing, or holds everything up for a while. */
final class LoadTest {
    private static final int MOST = 512;

    /** Answers at once; every eighth request is turned away. */
    private static final class Quick extends InferenceGrpc.InferenceImplBase {
        private final AtomicInteger asked = new AtomicInteger();
        private final long stallNanos;
        private volatile long stalled;

        Quick(long stallNanos) {
            this.stallNanos = stallNanos;
        }

        @Override
        public void embed(EmbedRequest request, StreamObserver<EmbedResponse> client) {
            if (asked.incrementAndGet() % 8 == 0 && stallNanos == 0) {
                client.onError(Status.RESOURCE_EXHAUSTED.asRuntimeException());
                return;
            }
            long now = System.nanoTime();
            if (stallNanos > 0 && stalled == 0) {
                stalled = now + stallNanos;
            }
            while (stallNanos > 0 && stalled - System.nanoTime() > 0) {
                LockSupport.parkNanos(stalled - System.nanoTime());
            }
            client.onNext(
                    EmbedResponse.newBuilder()
                            .setCall(
                                    CallInfo.newBuilder()
                                            .setTokens(2 + request.getText().length() / 2))
                            .build());
            client.onCompleted();
        }
    }

    @Test
    void lengthsAreEquallyLikelyPerPowerOfTwoAndTheSeedDeterminesThem() {
        TextLengths lengths = new TextLengths(7, 4096);
        TextLengths same = new TextLengths(7, 4096);
        int[] octaves = new int[8];
        double pause = 0;
        for (int i = 0; i < 8000; i++) {
            int tokens = lengths.next();
            assertThat(tokens).isBetween(16, 4096).isEqualTo(same.next());
            octaves[Math.min(7, (int) (Math.log(tokens / 16.0) / Math.log(2)))]++;
        }
        for (int count : octaves) {
            assertThat(count).isBetween(850, 1150);
        }
        for (int i = 0; i < 8000; i++) {
            pause += lengths.pause(50) / 8000;
        }
        assertThat(pause).isCloseTo(1 / 50.0, within(0.002));
    }

    @Test
    void everyRequestIsCountedOnceUnderWhatBecameOfIt() throws Exception {
        Quick quick = new Quick(0);
        Server server = start(quick);
        try (Load load = new Load("127.0.0.1:" + server.getPort(), "m", MOST, 3)) {
            // The first answers of a process wait for its classes, beyond the end of a measurement.
            load.open(200, 0, 1, 5, 1);
            quick.asked.set(0);
            LoadResult open = load.open(200, 0, 1, 5, 1);
            assertThat(open.callers()).isEqualTo(3);
            // An answer after the end is nobody's.
            assertThat(open.answered() + open.refused())
                    .isBetween(quick.asked.get() - 3L, (long) quick.asked.get());
            assertThat(open.refused()).isEqualTo(quick.asked.get() / 8);
            assertThat(quick.asked.get()).isBetween(140, 260);
            assertThat(open.tokens()).isBetween(16 * open.answered(), MOST * open.answered());
            assertThat(open.p50()).isPositive().isLessThanOrEqualTo(open.p99());
            assertThat(open.late() + open.failed()).isZero();
            int before = quick.asked.get();
            LoadResult closed = load.closed(0, 0.5, 5, 1);
            assertThat(closed.offered()).isZero();
            assertThat(closed.answered()).isPositive();
            assertThat(closed.answered() + closed.refused())
                    .isBetween(
                            (long) quick.asked.get() - before - 3,
                            (long) quick.asked.get() - before);
            assertThat(LoadResult.parse(open.line())).isEqualTo(open);
        } finally {
            server.shutdownNow().awaitTermination();
        }
    }

    /** A closed loop would send one request into the stall and see it once. */
    @Test
    void latenciesCountFromWhenARequestWasDue() throws Exception {
        Server server = start(new Quick(400_000_000));
        try (Load load = new Load("127.0.0.1:" + server.getPort(), "m", MOST, 2)) {
            LoadResult open = load.open(100, 0, 1, 5, 2);
            assertThat(open.p99()).isGreaterThan(250);
            assertThat(open.answered()).isGreaterThan(50);
        } finally {
            server.shutdownNow().awaitTermination();
        }
    }

    @Test
    void numbersOutOfRangeAreRefused() {
        assertThatThrownBy(() -> request(0.1, List.of(1))).hasMessageContaining("0.5 to 600");
        assertThatThrownBy(() -> request(1, List.of(65))).hasMessageContaining("from 1 to 64");
        assertThat(request(1, List.of(1, 64)).callers()).containsExactly(1, 64);
    }

    private static ServeBenchRequest request(double seconds, List<Integer> callers) {
        return new ServeBenchRequest("h:1", "m", 512, 8192, 1000, false, seconds, callers, 1);
    }

    private static Server start(Quick service) throws Exception {
        return NettyServerBuilder.forAddress(
                        new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                        InsecureServerCredentials.create())
                .addService(service)
                .build()
                .start();
    }
}
