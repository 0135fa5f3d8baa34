package io.longspan.model.tensor;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import ai.djl.ndarray.NDManager;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.SymbolLookup;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class MklFullSpeedTest {
    private static final Path SOURCE = Path.of("src/main/c/mkl_full_speed.c");
    private static final Path BUILT =
            Path.of("src/main/resources/io/longspan/model/tensor/linux-x86_64");

    @Test
    void theLibraryIsThatOfItsSource() throws Exception {
        List<String> digests =
                Files.readAllLines(BUILT.resolve("liblongspan-mkl.sha256"), StandardCharsets.UTF_8);
        assertThat(digests)
                .as("after a change run src/main/c/build.sh")
                .containsExactly(
                        digest(SOURCE) + "  mkl_full_speed.c",
                        digest(BUILT.resolve("liblongspan-mkl.so")) + "  liblongspan-mkl.so");
    }

    @Test
    void theSourceBuiltHereAnswersAsTheLibraryDoes(@TempDir Path folder) throws Throwable {
        assumeTrue(linux(), "the library is for linux-amd64");
        assertThat(answer(BUILT.resolve("liblongspan-mkl.so"))).isEqualTo(1);
        assumeTrue(Files.isExecutable(Path.of("/usr/bin/gcc")), "gcc is not installed");
        Path own = folder.resolve("own.so");
        run(
                List.of(
                        "/usr/bin/gcc",
                        "-shared",
                        "-fPIC",
                        "-nostdlib",
                        "-o",
                        own.toString(),
                        SOURCE.toString()));
        assertThat(answer(own)).isEqualTo(1);
    }

    @Test
    void onlyAmdProcessorsWithAvx512AreSlowedDown() {
        String amd = "processor : 0\nvendor_id\t: AuthenticAMD\nflags\t\t: fpu avx2 avx512f sha\n";
        assertThat(MklFullSpeed.slowedDown(amd)).isTrue();
        assertThat(MklFullSpeed.slowedDown(amd.replace(" sha", ""))).isTrue();
        assertThat(MklFullSpeed.slowedDown(amd.replace("AuthenticAMD", "GenuineIntel"))).isFalse();
        assertThat(MklFullSpeed.slowedDown(amd.replace("avx512f", "avx512fp16"))).isFalse();
        assertThat(MklFullSpeed.slowedDown("")).isFalse();
    }

    /** In processes of their own, since libtorch is loaded here. */
    @Test
    void productsAreTheSameButForRounding() throws Exception {
        assumeTrue(linux(), "the library is for linux-amd64");
        List<String> plain = productsWith(MklFullSpeed.Mode.OFF);
        List<String> fast = productsWith(MklFullSpeed.Mode.ON);
        assertThat(plain.getFirst()).isEqualTo("false it is switched off");
        assertThat(fast.getFirst()).startsWith("true ");
        assertThat(plain).hasSize(1 + 300).hasSameSizeAs(fast);
        double scale =
                plain.stream()
                        .skip(1)
                        .mapToDouble(Double::parseDouble)
                        .map(Math::abs)
                        .max()
                        .orElse(0);
        assertThat(scale).isPositive();
        for (int line = 1; line < plain.size(); line++) {
            assertThat(Double.parseDouble(fast.get(line)))
                    .isCloseTo(Double.parseDouble(plain.get(line)), within(2e-6 * scale));
        }
    }

    @Test
    void onceLibtorchIsLoadedItIsTooLate() {
        assumeTrue(linux(), "the library is for linux-amd64");
        try (NDManager loaded = NDManager.newBaseManager()) {
            assertThat(loaded.isOpen()).isTrue();
            assertThat(MklFullSpeed.apply(MklFullSpeed.Mode.ON))
                    .isEqualTo(new MklFullSpeed.Outcome(false, "libtorch was loaded before"));
        }
    }

    private static List<String> productsWith(MklFullSpeed.Mode mode) throws Exception {
        return run(
                        List.of(
                                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                                "--enable-native-access=ALL-UNNAMED",
                                "-Dai.djl.offline=true",
                                "-cp",
                                System.getProperty("java.class.path"),
                                MklProducts.class.getName(),
                                mode.name()))
                .stream()
                .filter(line -> line.matches("(true|false) .*|-?[0-9].*"))
                .toList();
    }

    private static List<String> run(List<String> command) throws IOException, InterruptedException {
        Process process =
                new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
        List<String> lines =
                new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8)
                        .lines()
                        .toList();
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).isZero();
        return lines;
    }

    private static int answer(Path library) throws Throwable {
        try (Arena arena = Arena.ofConfined()) {
            return (int)
                    Linker.nativeLinker()
                            .downcallHandle(
                                    SymbolLookup.libraryLookup(library.toAbsolutePath(), arena)
                                            .findOrThrow("mkl_serv_intel_cpu_true"),
                                    FunctionDescriptor.of(JAVA_INT))
                            .invokeExact();
        }
    }

    private static String digest(Path file) throws Exception {
        return HexFormat.of()
                .formatHex(MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(file)));
    }

    private static boolean linux() {
        return System.getProperty("os.name").equals("Linux")
                && System.getProperty("os.arch").equals("amd64");
    }
}
