package io.longspan.attention.cuda;

import io.longspan.attention.AttentionBackend;
import io.longspan.attention.AttentionBackendProvider;
import io.longspan.attention.AttentionConfigurationException;
import io.longspan.attention.Availability;
import io.longspan.attention.Availability.Unavailable;
import io.longspan.attention.BackendContext;
import io.longspan.attention.Capabilities;
import io.longspan.attention.Device;
import io.longspan.attention.ElementType;
import io.longspan.attention.Feature;
import io.longspan.attention.Guarantee;
import java.util.EnumSet;
import java.util.Locale;

/**
 * The provider of the CUDA backend. It says what stands in the way; in this version something
 * always does.
 */
public final class CudaAttentionProvider implements AttentionBackendProvider {
    @Override
    public String name() {
        return "cuda";
    }

    @Override
    public int spiLevel() {
        return SPI_LEVEL;
    }

    @Override
    public String summary() {
        return "NVIDIA GPUs; this version probes the driver and has no kernels yet";
    }

    /** Nothing yet: a feature is declared when a kernel for it is there. */
    @Override
    public Capabilities capabilities() {
        return new Capabilities(
                EnumSet.noneOf(Feature.class),
                EnumSet.noneOf(Guarantee.class),
                EnumSet.of(ElementType.FP32),
                EnumSet.of(Device.Kind.CUDA),
                1,
                128);
    }

    @Override
    public int priority() {
        return 300;
    }

    @Override
    public Availability availability() {
        return availability(CudaProbe.probe(driverLibrary(System.getProperty("os.name"))));
    }

    @Override
    public AttentionBackend create(BackendContext context) {
        Unavailable why = (Unavailable) availability();
        throw new AttentionConfigurationException(
                "attention backend 'cuda' cannot be made: " + why.reason() + "; " + why.hint());
    }

    static Availability availability(CudaProbe.Finding finding) {
        return switch (finding) {
            case CudaProbe.Finding.Obstacle obstacle -> CudaProbe.unavailable(obstacle);
            case CudaProbe.Finding.Devices found ->
                    new Unavailable(
                            "this version has no CUDA kernels yet; the driver runs CUDA "
                                    + found.driverVersion()
                                    + " and sees "
                                    + String.join("; ", found.devices()),
                            "use another backend until a version with kernels is out");
        };
    }

    static String driverLibrary(String operatingSystem) {
        return operatingSystem.toLowerCase(Locale.ROOT).contains("windows")
                ? "nvcuda.dll"
                : "libcuda.so.1";
    }
}
