package io.longspan.attention;

import java.util.List;

/**
 * Describes one attention backend and makes it. Found by {@code ServiceLoader}: public class,
 * public constructor without parameters, named in {@code
 * META-INF/services/io.longspan.attention.AttentionBackendProvider}.
 *
 * <p>Being on the class path must cost nothing: neither the constructor nor any method but {@link
 * #availability()} and {@link #create} touches native code, and no method body names a type of a
 * module that may be missing (such as {@code jdk.incubator.vector}): probe it in a class of its
 * own. Methods may be called from any thread, any number of times.
 */
public interface AttentionBackendProvider {
    /** The level of this contract that the current sources describe. */
    int SPI_LEVEL = 1;

    /** The name that users select, see {@link BackendName}. */
    String name();

    /**
     * The {@link #SPI_LEVEL} it was compiled against: return that constant, the compiler copies it.
     */
    int spiLevel();

    /**
     * Its version, stored with every inference and run. Unless overridden, the implementation
     * version in the manifest of the provider's jar, or {@code dev} where there is none.
     */
    default String version() {
        String version = getClass().getPackage().getImplementationVersion();
        return version == null ? "dev" : version;
    }

    /** One line for people. */
    String summary();

    /** What the backend supports wherever it is available. */
    Capabilities capabilities();

    /** The options it understands; none unless overridden. */
    default List<OptionSpec> options() {
        return List.of();
    }

    /**
     * Rank for {@code auto}, 0 to 1000: of the available backends that support the workload the
     * highest is chosen.
     */
    int priority();

    /** Whether it can run on this machine. Never throws; fast; may probe native libraries. */
    Availability availability();

    /**
     * Makes the backend; the caller closes it.
     *
     * @throws AttentionConfigurationException when it cannot be made here; the message says why
     */
    AttentionBackend create(BackendContext context);
}
