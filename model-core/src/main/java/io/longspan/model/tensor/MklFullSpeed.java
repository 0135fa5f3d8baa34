package io.longspan.model.tensor;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Locale;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes the MKL inside libtorch use the instructions that an AMD processor has.
 *
 * <p>MKL takes its AVX2 code on processors of other makers, also where they have AVX-512. A library
 * of one function, opened before libtorch is loaded, gives MKL another answer to its question who
 * made the processor. It holds for every matrix product of libtorch in this process, training
 * included. Results differ in rounding only.
 */
public final class MklFullSpeed {
    private static final Logger LOG = LoggerFactory.getLogger(MklFullSpeed.class);
    private static final String LIBRARY = "liblongspan-mkl.so";
    private static final String FOLDER = "linux-x86_64/";
    private static final String TOLD = "MKL uses all instructions of this processor";
    private static final Path CPU = Path.of("/proc/cpuinfo");
    private static final Path LOADED = Path.of("/proc/self/maps");

    /** {@code RTLD_NOW | RTLD_GLOBAL} of Linux. */
    private static final int NOW_FOR_ALL = 0x102;

    private MklFullSpeed() {}

    /** When to do it. */
    public enum Mode {
        /** On AMD processors with AVX-512 under Linux. */
        AUTO,
        /** On every x86-64 processor under Linux. */
        ON,
        /** Never. */
        OFF
    }

    /**
     * What came of it.
     *
     * @param on whether libtorch is or will be at full speed
     * @param reason one sentence without its full stop, for reports
     */
    public record Outcome(boolean on, String reason) {}

    /**
     * Does it, if the mode and the machine say so. Comes too late once libtorch is loaded. Harmless
     * twice. Warns when it was wanted and cannot be.
     */
    public static Outcome apply(Mode mode) {
        Outcome outcome = attempt(mode);
        if (outcome.on()) {
            LOG.debug("libtorch at full speed: {}", outcome.reason());
        } else if (mode == Mode.ON) {
            LOG.warn("libtorch is not at full speed: {}", outcome.reason());
        } else {
            LOG.debug("libtorch as it is: {}", outcome.reason());
        }
        return outcome;
    }

    private static Outcome attempt(Mode mode) {
        if (mode == Mode.OFF) {
            return new Outcome(false, "it is switched off");
        }
        String machine =
                (System.getProperty("os.name") + "-" + System.getProperty("os.arch"))
                        .toLowerCase(Locale.ROOT);
        if (!machine.equals("linux-amd64")) {
            return new Outcome(false, "it is for linux-amd64, this is " + machine);
        }
        try {
            String cpu = Files.readString(CPU);
            if (mode == Mode.AUTO && !slowedDown(cpu)) {
                return new Outcome(false, "this is no AMD processor with AVX-512");
            }
            String loaded = Files.readString(LOADED);
            if (loaded.contains(LIBRARY)) {
                return new Outcome(true, TOLD);
            }
            if (loaded.contains("libtorch_cpu")) {
                return new Outcome(false, "libtorch was loaded before");
            }
            open();
            return new Outcome(true, TOLD);
        } catch (IOException | IllegalStateException e) {
            return new Outcome(false, "the library could not be opened: " + e.getMessage());
        }
    }

    /** Whether MKL would do less than a processor can. */
    static boolean slowedDown(String cpuInfo) {
        List<String> lines = cpuInfo.lines().toList();
        return lines.stream().anyMatch(line -> line.matches("vendor_id\\s*:\\s*AuthenticAMD"))
                && lines.stream()
                        .filter(line -> line.startsWith("flags"))
                        .anyMatch(line -> (line + " ").contains(" avx512f "));
    }

    private static void open() throws IOException {
        // Only its owner can write to it; the file may go as soon as it is mapped.
        Path folder = Files.createTempDirectory("longspan-mkl");
        Path file = folder.resolve(LIBRARY);
        try (InputStream in = MklFullSpeed.class.getResourceAsStream(FOLDER + LIBRARY)) {
            if (in == null) {
                throw new IOException("it is not in the jar");
            }
            Files.copy(in, file, StandardCopyOption.REPLACE_EXISTING);
            open(file);
        } finally {
            Files.deleteIfExists(file);
            Files.deleteIfExists(folder);
        }
    }

    private static void open(Path file) {
        Linker linker = Linker.nativeLinker();
        MemorySegment dlopen =
                linker.defaultLookup()
                        .find("dlopen")
                        .orElseThrow(() -> new IllegalStateException("there is no dlopen"));
        try (Arena call = Arena.ofConfined()) {
            MemorySegment handle =
                    (MemorySegment)
                            linker.downcallHandle(
                                            dlopen,
                                            FunctionDescriptor.of(ADDRESS, ADDRESS, JAVA_INT))
                                    .invokeExact(call.allocateFrom(file.toString()), NOW_FOR_ALL);
            if (handle.equals(MemorySegment.NULL)) {
                throw new IllegalStateException(
                        "dlopen refused '" + file + "'; is its folder mounted noexec?");
            }
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            // invokeExact declares Throwable; a C function throws nothing.
            throw new IllegalStateException("dlopen threw", e);
        }
    }
}
