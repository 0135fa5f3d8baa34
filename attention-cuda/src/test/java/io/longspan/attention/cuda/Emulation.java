package io.longspan.attention.cuda;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A CUDA driver without a GPU: the shipped kernels compiled by g++ for an emulated machine, behind
 * a fake driver library with a log and errors on demand. Compiled once per state of the sources.
 */
final class Emulation {
    static final Map<String, String> ELEMENTS =
            Map.of("fp32", "Float32", "fp16", "Float16", "bf16", "BFloat16");

    private static final String DRIVER = "libfakecuda.so";
    private static final Path KERNELS = Path.of("src/main/cuda");
    private static final Path NATIVE = Path.of("src/test/native");

    private final Path folder;
    private final SymbolLookup driver;

    private Emulation(Path folder) {
        this.folder = folder;
        driver = SymbolLookup.libraryLookup(folder.resolve(DRIVER), Arena.global());
    }

    /**
     * Kernels with one thing changed in one file, for one type: bfloat16 when the file is about
     * tensor cores, else float32; for heads of up to 32 only, which is compiled sooner.
     *
     * @param file of the kernels
     * @param from text that is there exactly once
     * @param to what stands there instead
     */
    static Emulation changed(String file, String from, String to) {
        Emulation shipped = shipped();
        try {
            String text = Files.readString(KERNELS.resolve(file));
            if (text.split(Pattern.quote(from), -1).length != 2) {
                throw new AssertionError("'" + from + "' is not once in " + file);
            }
            Path sources = Files.createTempDirectory(Path.of("target"), "kernels");
            for (Path source : sources(KERNELS)) {
                Files.copy(source, sources.resolve(source.getFileName().toString()));
            }
            Files.writeString(sources.resolve(file), text.replace(from, to));
            Path folder = folder("changed", sources);
            boolean hopper = file.startsWith("hopper");
            boolean tensor = file.startsWith("mma") || hopper;
            if (!Files.exists(folder.resolve(DRIVER))) {
                Files.createDirectories(folder);
                if (hopper) {
                    // Its backward pass is that of the other kernels.
                    Files.copy(
                            shipped.folder.resolve("mma-bf16.so"),
                            folder.resolve("mma-bf16.so"),
                            StandardCopyOption.REPLACE_EXISTING);
                }
                kernels(
                        sources,
                        folder,
                        hopper ? "hopper" : tensor ? "mma" : "ffma",
                        tensor ? "bf16" : "fp32",
                        "-DLONGSPAN_SMALL_HEADS_ONLY");
                Files.copy(shipped.folder.resolve(DRIVER), folder.resolve(DRIVER));
            }
            return opened(folder);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * The shipped kernels in a fresh fake driver; aborts the test where they cannot be compiled.
     */
    static Emulation shipped() {
        assumeTrue(
                System.getProperty("os.arch").equals("amd64")
                        && System.getProperty("os.name").equals("Linux"),
                "the emulated GPU runs on Linux on x86-64 only");
        assumeTrue(Tools.has("g++"), "g++ is not on the path; it compiles the emulated GPU");
        try {
            Path folder = folder("shipped", KERNELS);
            if (!Files.exists(folder.resolve(DRIVER))) {
                Files.createDirectories(folder);
                for (String type : ELEMENTS.keySet()) {
                    kernels(KERNELS, folder, "ffma", type);
                    if (!type.equals("fp32")) {
                        kernels(KERNELS, folder, "mma", type);
                        kernels(KERNELS, folder, "hopper", type);
                    }
                }
                Path partial = folder.resolve("partial.so");
                String source = NATIVE.resolve("fake_driver.cpp").toString();
                Tools.run(command(KERNELS, partial, source, "-ldl"));
                Files.move(partial, folder.resolve(DRIVER));
            }
            return opened(folder);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Emulation opened(Path folder) {
        Emulation made = new Emulation(folder.toAbsolutePath());
        made.reset();
        return made;
    }

    /** Named after the state of every source, so that nothing is compiled twice. */
    private static Path folder(String kind, Path sources) throws IOException {
        List<Path> all = new ArrayList<>(sources(sources));
        all.addAll(sources(NATIVE));
        all.addAll(sources(NATIVE.resolve("emulation")));
        return Path.of("target/emulation", kind + "-" + Tools.digest(all));
    }

    private static void kernels(
            Path sources, Path folder, String family, String type, String... more) {
        List<String> command =
                command(
                        sources,
                        folder.resolve(family + "-" + type + ".so"),
                        "-include",
                        NATIVE.resolve("emulation/machine.h").toString(),
                        "-DELEMENT=" + ELEMENTS.get(type),
                        "-Wno-unknown-pragmas",
                        "-x",
                        "c++",
                        sources.resolve(family + ".cu").toString(),
                        NATIVE.resolve("emulation/machine.cpp").toString());
        command.addAll(List.of(more));
        Tools.run(command);
    }

    private static List<Path> sources(Path folder) throws IOException {
        try (var files = Files.list(folder)) {
            return files.filter(Files::isRegularFile).sorted().toList();
        }
    }

    private static List<String> command(Path sources, Path library, String... more) {
        List<String> command =
                new ArrayList<>(
                        List.of(
                                "g++",
                                "-std=c++17",
                                "-O1",
                                "-march=native",
                                "-fPIC",
                                "-shared",
                                "-fvisibility=hidden",
                                "-Wall",
                                "-Werror",
                                // Its instructions.cuh comes before the GPU's.
                                "-I" + NATIVE.resolve("emulation"),
                                "-I" + sources,
                                "-o",
                                library.toString()));
        command.addAll(List.of(more));
        return command;
    }

    /** A provider on the fake driver. */
    CudaAttentionProvider provider() {
        return new CudaAttentionProvider(folder.resolve(DRIVER).toString());
    }

    /** Forgets the log and every error, and sets a usual device. */
    void reset() {
        call("fake_reset", text(folder.toString()));
    }

    /** Sets compute capability, driver version (1000 * major + 10 * minor) and number of GPUs. */
    void device(int major, int minor, int version, int devices) {
        call("fake_device", major, minor, version, devices);
    }

    /** Lets a driver function fail after it went well some times. */
    void fail(String function, int after, int status) {
        call("fake_fail", text(function), after, status);
    }

    /** Sets the bytes of device memory. */
    void memory(long bytes) {
        call("fake_memory", bytes);
    }

    /** Lets the threads of a block take turns from the last to the first. */
    void backwards(boolean on) {
        call("fake_backwards", on ? 1 : 0);
    }

    /** Switches the log. */
    void logging(boolean on) {
        call("fake_logging", on ? 1 : 0);
    }

    /** The calls so far, one a line. */
    List<String> log() {
        return read("fake_log").lines().toList();
    }

    /** What went wrong in a kernel last. */
    String kernelError() {
        return read("fake_kernel_error");
    }

    /** Blocks of device memory that are allocated. */
    long blocks() {
        return (long) invoke("fake_blocks", FunctionDescriptor.of(JAVA_LONG));
    }

    /** Events * 1000000 + contexts pushed * 10000 + contexts retained * 100 + modules loaded. */
    int balance() {
        return (int) invoke("fake_balance", FunctionDescriptor.of(JAVA_INT));
    }

    /** Offset of a field of a struct as the C compiler has it. */
    long offset(String struct, String field) {
        return (long)
                invoke(
                        "fake_offset",
                        FunctionDescriptor.of(JAVA_LONG, ADDRESS),
                        text(struct + "." + field));
    }

    private static MemorySegment text(String text) {
        return Arena.ofAuto().allocateFrom(text);
    }

    private String read(String function) {
        MemorySegment text = (MemorySegment) invoke(function, FunctionDescriptor.of(ADDRESS));
        return text.reinterpret(Long.MAX_VALUE).getString(0, StandardCharsets.UTF_8);
    }

    private void call(String function, Object... arguments) {
        MemoryLayout[] layouts = new MemoryLayout[arguments.length];
        for (int i = 0; i < arguments.length; i++) {
            layouts[i] =
                    arguments[i] instanceof Integer
                            ? JAVA_INT
                            : arguments[i] instanceof Long ? JAVA_LONG : ADDRESS;
        }
        invoke(function, FunctionDescriptor.ofVoid(layouts), arguments);
    }

    private @Nullable Object invoke(String function, FunctionDescriptor type, Object... arguments) {
        try {
            return Linker.nativeLinker()
                    .downcallHandle(driver.find(function).orElseThrow(), type)
                    .invokeWithArguments(arguments);
        } catch (Throwable e) {
            throw new AssertionError("the fake's " + function + " cannot be called", e);
        }
    }
}
