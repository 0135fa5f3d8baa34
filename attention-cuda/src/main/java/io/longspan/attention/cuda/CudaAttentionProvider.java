package io.longspan.attention.cuda;

import io.longspan.attention.AttentionBackend;
import io.longspan.attention.AttentionBackendProvider;
import io.longspan.attention.AttentionConfigurationException;
import io.longspan.attention.Availability;
import io.longspan.attention.Availability.Available;
import io.longspan.attention.Availability.Unavailable;
import io.longspan.attention.BackendContext;
import io.longspan.attention.Capabilities;
import io.longspan.attention.Device;
import io.longspan.attention.ElementType;
import io.longspan.attention.Feature;
import io.longspan.attention.Guarantee;
import io.longspan.attention.OptionSpec;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** The provider of the CUDA backend. It says what stands in the way where something does. */
public final class CudaAttentionProvider implements AttentionBackendProvider {
    static final String NAME = "cuda";
    static final String DEVICE = "device";
    static final String SYNCHRONOUS = "synchronous";
    static final String FLOAT32 = "float32";
    static final String HOPPER = "hopper";

    /** CUDA 11.0, the first whose drivers read PTX 7.0. */
    private static final int LEAST_DRIVER = 11000;

    /** Turing. */
    private static final int LEAST_CAPABILITY = 75;

    private static final int MAX_HEAD_SIZE = 128;

    private final String library;

    /** A provider on this system's driver. */
    public CudaAttentionProvider() {
        this(driverLibrary(System.getProperty("os.name")));
    }

    CudaAttentionProvider(String library) {
        this.library = library;
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public int spiLevel() {
        return SPI_LEVEL;
    }

    @Override
    public String summary() {
        return "NVIDIA GPUs from compute capability 7.5, forward and backward; never run on one yet";
    }

    /** Everything. Tensors in host memory are copied to the GPU and back. */
    @Override
    public Capabilities capabilities() {
        return new Capabilities(
                EnumSet.allOf(Feature.class),
                EnumSet.of(Guarantee.REPEATABLE, Guarantee.BATCH_INVARIANT, Guarantee.CONCURRENT),
                EnumSet.allOf(ElementType.class),
                EnumSet.of(Device.Kind.CPU, Device.Kind.CUDA),
                1,
                MAX_HEAD_SIZE);
    }

    @Override
    public List<OptionSpec> options() {
        return List.of(
                new OptionSpec(
                        DEVICE,
                        OptionSpec.Kind.COUNT,
                        "0",
                        List.of(),
                        "number of the GPU that serves tensors in host memory; tensors on a GPU are"
                                + " served there"),
                new OptionSpec(
                        SYNCHRONOUS,
                        OptionSpec.Kind.FLAG,
                        "false",
                        List.of(),
                        "whether to wait for each kernel, so that an error names the one that made"
                                + " it; slower"),
                new OptionSpec(
                        FLOAT32,
                        OptionSpec.Kind.CHOICE,
                        "fma",
                        List.of("fma"),
                        "how float32 products are made: in full, without tensor cores; TF32 would"
                                + " leave three digits and is not offered"),
                new OptionSpec(
                        HOPPER,
                        OptionSpec.Kind.FLAG,
                        "false",
                        List.of(),
                        "whether a GPU of compute capability 9.0 runs the forward pass of 16-bit"
                                + " heads of 33 to 64 without offset bias by its own instructions;"
                                + " they have not been tried on one"));
    }

    /**
     * Below every CPU backend: these kernels have run on an emulated GPU only, so whoever wants
     * them says so.
     */
    @Override
    public int priority() {
        return 0;
    }

    @Override
    public Availability availability() {
        return availability(CudaProbe.probe(library));
    }

    static Availability availability(CudaProbe.Finding finding) {
        return switch (finding) {
            case CudaProbe.Finding.Obstacle obstacle -> CudaProbe.unavailable(obstacle);
            case CudaProbe.Finding.Devices found -> availability(found);
        };
    }

    private static Availability availability(CudaProbe.Finding.Devices found) {
        String driver = "CUDA " + version(found.driverVersion());
        String devices =
                found.devices().stream().map(Object::toString).collect(Collectors.joining("; "));
        if (found.driverVersion() < LEAST_DRIVER) {
            return new Unavailable(
                    "the driver runs " + driver + "; the kernels need CUDA 11.0 or later",
                    "install a newer NVIDIA driver");
        }
        if (found.devices().stream().noneMatch(device -> isAble(device.capability()))) {
            return new Unavailable(
                    "no GPU has compute capability 7.5 or higher; the driver sees " + devices,
                    "use another backend, or a GPU of the Turing generation or later");
        }
        return new Available("a driver for " + driver + "; " + devices);
    }

    private static String version(int driverVersion) {
        return driverVersion / 1000 + "." + driverVersion % 1000 / 10;
    }

    private static boolean isAble(int capability) {
        return capability >= LEAST_CAPABILITY;
    }

    @Override
    public AttentionBackend create(BackendContext context) {
        if (availability() instanceof Unavailable(String reason, String hint)) {
            throw new AttentionConfigurationException(
                    "attention backend 'cuda' cannot be made: " + reason + "; " + hint);
        }
        Device device = context.device();
        int ordinal =
                device.kind() == Device.Kind.CUDA
                        ? device.index()
                        : context.options().count(DEVICE);
        Gpu gpu;
        try {
            gpu =
                    open(
                            ordinal,
                            context.options().flag(SYNCHRONOUS),
                            context.options().flag(HOPPER));
        } catch (CudaException e) {
            throw new AttentionConfigurationException(
                    "attention backend 'cuda' cannot be made on GPU "
                            + ordinal
                            + ": "
                            + e.getMessage());
        }
        if (!isAble(gpu.capability())) {
            String capability = CudaProbe.dotted(gpu.capability());
            gpu.close();
            throw new AttentionConfigurationException(
                    "attention backend 'cuda' cannot be made: GPU "
                            + ordinal
                            + " has compute capability "
                            + capability
                            + "; it must be 7.5 or higher, choose another with option 'device'");
        }
        if (gpu.usesOwnForward() && !KernelChoice.hasOwnForward(gpu.capability())) {
            String capability = CudaProbe.dotted(gpu.capability());
            gpu.close();
            throw new AttentionConfigurationException(
                    "option 'hopper' of attention backend 'cuda' is for compute capability 9.0; GPU "
                            + ordinal
                            + " has "
                            + capability
                            + ", leave the option out");
        }
        return new CudaAttention(this, gpu);
    }

    /** Opens a device; the caller closes it. */
    Gpu open(int ordinal, boolean synchronous, boolean ownForward) {
        return new Gpu(library, ordinal, synchronous, ownForward);
    }

    static String driverLibrary(String operatingSystem) {
        return operatingSystem.toLowerCase(Locale.ROOT).contains("windows")
                ? "nvcuda.dll"
                : "libcuda.so.1";
    }
}
