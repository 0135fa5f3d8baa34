package io.longspan.attention.registry;

import io.longspan.attention.AttentionBackend;
import io.longspan.attention.AttentionBackendProvider;
import io.longspan.attention.Availability;
import io.longspan.attention.BackendContext;
import io.longspan.attention.Capabilities;
import io.longspan.attention.ComposedBackend;
import io.longspan.attention.ComposedCall;
import io.longspan.attention.ComposedResult;
import io.longspan.attention.OptionSpec;
import io.longspan.attention.Support;
import io.longspan.attention.Workload;
import java.util.List;

/**
 * A provider whose class is copied into jars by the tests; its backend only answers whether it
 * supports something.
 */
public class FakeProvider implements AttentionBackendProvider {
    @Override
    public String name() {
        return "fake";
    }

    @Override
    public int spiLevel() {
        return SPI_LEVEL;
    }

    @Override
    public String version() {
        return "1";
    }

    @Override
    public String summary() {
        return "made by a test";
    }

    @Override
    public Capabilities capabilities() {
        return Capabilities.everythingOnCpu();
    }

    @Override
    public List<OptionSpec> options() {
        return List.of(
                new OptionSpec("tile", OptionSpec.Kind.COUNT, "64", List.of(), "Rows per tile."));
    }

    @Override
    public int priority() {
        return 10;
    }

    @Override
    public Availability availability() {
        return new Availability.Available("always");
    }

    @Override
    public AttentionBackend create(BackendContext context) {
        return new Backend();
    }

    /** Has another name. */
    public static final class Other extends FakeProvider {
        @Override
        public String name() {
            return "other";
        }
    }

    /** Comes from another time. */
    public static final class OldLevel extends FakeProvider {
        @Override
        public int spiLevel() {
            return SPI_LEVEL - 1;
        }
    }

    /** Cannot be constructed. */
    public static final class Exploding extends FakeProvider {
        /** Always fails. */
        public Exploding() {
            throw new IllegalStateException("no such engine");
        }
    }

    /** Breaks the promise that availability never throws. */
    public static final class Rude extends FakeProvider {
        @Override
        public String name() {
            return "rude";
        }

        @Override
        public Availability availability() {
            throw new NoClassDefFoundError("jdk/incubator/vector/FloatVector");
        }
    }

    /** Does not know whether it can run. */
    public static final class Undecided extends FakeProvider {
        @Override
        @SuppressWarnings("NullAway")
        public Availability availability() {
            return null;
        }
    }

    /**
     * Is made, and fails when asked what it supports; says in a system property that it was closed.
     */
    public static final class Confused extends FakeProvider implements ComposedBackend {
        /** Set to true by {@link #close()}. */
        public static final String CLOSED = "longspan.test.confused.closed";

        @Override
        public AttentionBackend create(BackendContext context) {
            return this;
        }

        @Override
        public Support supports(Workload workload) {
            throw new IllegalStateException("what was the question");
        }

        @Override
        public ComposedResult forward(ComposedCall call) {
            throw new AssertionError("the registry never calls forward");
        }

        @Override
        public void close() {
            System.setProperty(CLOSED, "true");
        }
    }

    /** Cannot be made, whatever its declaration says. */
    public static final class Stillborn extends FakeProvider {
        @Override
        public AttentionBackend create(BackendContext context) {
            throw new IllegalStateException("out of luck");
        }
    }

    /** Cannot even say what it can do. */
    public static final class Speechless extends FakeProvider {
        @Override
        public Capabilities capabilities() {
            throw new IllegalStateException("no words");
        }
    }

    private static final class Backend implements ComposedBackend {
        @Override
        public Support supports(Workload workload) {
            return Support.of(
                    workload.headSize() == 13 ? List.of("cannot count to 13") : List.of());
        }

        @Override
        public ComposedResult forward(ComposedCall call) {
            throw new AssertionError("the registry never calls forward");
        }

        @Override
        public void close() {}
    }
}
