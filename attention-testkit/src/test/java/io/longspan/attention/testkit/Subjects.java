package io.longspan.attention.testkit;

import io.longspan.attention.AttentionBackend;
import io.longspan.attention.AttentionBackendProvider;
import io.longspan.attention.AttentionConfigurationException;
import io.longspan.attention.Availability;
import io.longspan.attention.BackendContext;
import io.longspan.attention.Capabilities;
import io.longspan.attention.OptionSpec;
import io.longspan.attention.testkit.mutant.ComposedFlaw;
import io.longspan.attention.testkit.mutant.ComposedProvider;
import io.longspan.attention.testkit.mutant.Flaw;
import io.longspan.attention.testkit.mutant.ReferenceProvider;
import io.longspan.attention.testkit.run.Tolerance;
import io.longspan.attention.testkit.run.Tolerances;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/**
 * Contract classes that only {@link ContractKitSelfTest} runs: no name here is one that a build
 * takes for a test.
 */
final class Subjects {
    /** Configuration parameter of the launcher that names the flaw. */
    static final String FLAW = "testkit.flaw";

    private Subjects() {}

    /** The plain kernel with the flaw of this run. */
    @ExtendWith(FlawOfThisRun.class)
    static final class Kernel extends AttentionBackendContract {
        private final String flaw;

        Kernel(String flaw) {
            this.flaw = flaw;
        }

        @Override
        protected AttentionBackendProvider provider() {
            return new ReferenceProvider(Flaw.valueOf(flaw));
        }
    }

    /** The plain composed backend with the flaw of this run. */
    @ExtendWith(FlawOfThisRun.class)
    static final class Composed extends AttentionBackendContract {
        private final String flaw;

        Composed(String flaw) {
            this.flaw = flaw;
        }

        @Override
        protected AttentionBackendProvider provider() {
            return new ComposedProvider(ComposedFlaw.valueOf(flaw));
        }
    }

    /** A kernel that is right, in a test that allows itself more than the kit does. */
    static final class Lenient extends AttentionBackendContract {
        @Override
        protected AttentionBackendProvider provider() {
            return new ReferenceProvider(Flaw.NONE);
        }

        @Override
        protected Tolerances tolerances() {
            Tolerance loose = new Tolerance(1, 1);
            return new Tolerances(loose, loose, loose, loose, loose, loose);
        }
    }

    /** A backend that cannot run here, and that nobody expects. */
    static class Unavailable extends AttentionBackendContract {
        @Override
        protected AttentionBackendProvider provider() {
            return new UnavailableProvider();
        }

        @Override
        Set<String> expectedBackends() {
            return Set.of();
        }
    }

    /** A backend that cannot run here, though the build expects it. */
    static final class ExpectedButUnavailable extends Unavailable {
        @Override
        Set<String> expectedBackends() {
            return Set.of("elsewhere");
        }
    }

    /** Hands the run's flaw to the constructor. */
    static final class FlawOfThisRun implements ParameterResolver {
        @Override
        public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
            return parameter.getParameter().getType() == String.class;
        }

        @Override
        public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
            return context.getConfigurationParameter(FLAW).orElseThrow();
        }
    }

    private static final class UnavailableProvider implements AttentionBackendProvider {
        @Override
        public String name() {
            return "elsewhere";
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
            return "runs on another machine";
        }

        @Override
        public Capabilities capabilities() {
            return Capabilities.everythingOnCpu();
        }

        @Override
        public List<OptionSpec> options() {
            return List.of();
        }

        @Override
        public int priority() {
            return 900;
        }

        @Override
        public Availability availability() {
            return new Availability.Unavailable("there is no such processor", "buy one");
        }

        @Override
        public AttentionBackend create(BackendContext context) {
            throw new AttentionConfigurationException("there is no such processor; buy one");
        }
    }
}
