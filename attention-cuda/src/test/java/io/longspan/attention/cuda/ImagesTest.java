package io.longspan.attention.cuda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.abort;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The compiled kernels in the jar. */
final class ImagesTest {
    private static final Path FOLDER =
            Path.of("src/main/resources/io/longspan/attention/cuda/images");
    private static final Path SOURCE = Path.of("src/main/cuda");
    private static final long MOST_BYTES = 3_500_000;
    private static final Path REPORT =
            Path.of("src/test/resources/io/longspan/attention/cuda/ptxas.txt");
    private static final List<String> TARGETS =
            List.of("sm_75", "sm_80", "sm_86", "sm_89", "sm_90", "sm_100", "sm_120");

    static List<String> images() {
        return List.of("ffma-fp32", "ffma-fp16", "ffma-bf16", "mma-fp16", "mma-bf16");
    }

    /** Fails where somebody could build them anew, and says so where nobody can. */
    @Test
    void theImagesAreThoseOfTheSources() throws IOException {
        List<Path> sources;
        try (Stream<Path> files = Files.list(SOURCE)) {
            sources = files.sorted().toList();
        }
        String built = Files.readString(FOLDER.resolve("source.sha256")).strip();
        if (built.equals(Tools.digest(sources))) {
            return;
        }
        String stale = "the kernel images are older than their sources; run build-images.sh";
        if (Tools.has("nvcc")) {
            throw new AssertionError(stale);
        }
        abort(stale + " where there is nvcc");
    }

    @Test
    void theImagesAreSmall() throws IOException {
        try (Stream<Path> files = Files.list(FOLDER)) {
            assertThat(files.mapToLong(file -> file.toFile().length()).sum())
                    .isLessThan(MOST_BYTES);
        }
    }

    @ParameterizedTest
    @MethodSource("images")
    void anOldDriverReadsTheText(String image) {
        String text = text(image);
        assertThat(text).startsWith("// longspan-image: " + image + "\n");
        assertThat(text).contains(".version 7.0\n");
        assertThat(text).contains(".target sm_" + (image.startsWith("mma") ? 80 : 75) + "\n");
    }

    @ParameterizedTest
    @MethodSource("images")
    void everyKernelTakesOneStructOfJavasSize(String image) {
        Matcher kernel =
                Pattern.compile(
                                "\\.entry (\\w+)\\(\\s*\\.param \\.align (\\d+) \\.b8"
                                        + " \\w+\\[(\\d+)\\]\\s*\\)")
                        .matcher(text(image));
        int found = 0;
        while (kernel.find()) {
            found++;
            assertThat(Long.parseLong(kernel.group(2)))
                    .as("alignment of %s", kernel.group(1))
                    .isEqualTo(CallLayout.CALL.byteAlignment());
            assertThat(Long.parseLong(kernel.group(3)))
                    .as("bytes of %s", kernel.group(1))
                    .isEqualTo(CallLayout.CALL.byteSize());
        }
        assertThat(found).isEqualTo(kernels(image));
    }

    private static int kernels(String image) {
        // Per head size: forward, queries, keys, bias; on tensor cores a forward pass with a bias.
        return 3 + 3 * (image.startsWith("mma") ? 5 : 4);
    }

    /** What ptxas said when the images were built, of every kernel on every target. */
    @Test
    void noKernelSpillsRegistersOnAnyTarget() throws IOException {
        List<String> lines = Files.readAllLines(REPORT);
        assertThat(lines.getFirst())
                .isEqualTo(
                        "# sources " + Files.readString(FOLDER.resolve("source.sha256")).strip());
        Set<String> seen = new HashSet<>();
        for (String line : lines.subList(2, lines.size())) {
            String[] word = line.split(" ", -1);
            assertThat(seen.add(word[0] + word[1] + word[2])).as(line).isTrue();
            assertThat(Integer.parseInt(word[3])).as("registers: %s", line).isBetween(1, 255);
            assertThat(line).endsWith(" 0 0 0");
        }
        for (String image : images()) {
            for (String target : TARGETS) {
                String start = image + " " + target + " ";
                assertThat(lines.stream().filter(line -> line.startsWith(start)))
                        .as(start)
                        .hasSize(
                                image.startsWith("mma") && target.equals("sm_75")
                                        ? 0
                                        : kernels(image));
            }
        }
    }

    /** Two blocks of 256 threads share the 65,536 registers of a multiprocessor. */
    @Test
    void theForwardPassOnTensorCoresLeavesRoomForASecondBlock() throws IOException {
        assertThat(Files.readAllLines(REPORT))
                .filteredOn(line -> line.matches("mma-\\w+ \\w+ mma_forward_(32|64) .*"))
                .hasSize(2 * 6 * 2)
                .allMatch(line -> Integer.parseInt(line.split(" ", -1)[3]) <= 128);
    }

    /** An ELF file for the very device that says which image it is. */
    @ParameterizedTest
    @ValueSource(strings = {"ffma-fp32", "mma-fp16", "mma-bf16"})
    void dataCentreDevicesGetMachineCode(String image) {
        for (int capability : new int[] {80, 90}) {
            byte[] cubin = Images.cubin(image, capability);
            assertThat(cubin).startsWith(0x7F, 'E', 'L', 'F');
            assertThat(new String(cubin, StandardCharsets.ISO_8859_1))
                    .contains("longspan-image: " + image);
        }
        assertThat(Images.cubin(image, 75)).isNull();
        assertThat(Images.cubin("ffma-bf16", 90)).isNull();
    }

    /** The forward pass for compute capability 9.0 runs there only, as machine code or as text. */
    @ParameterizedTest
    @ValueSource(strings = {"hopper-fp16", "hopper-bf16"})
    void theKernelForHopperUsesItsInstructions(String image) {
        assertThat(text(image))
                .startsWith("// longspan-image: " + image + "\n")
                .contains(".version 8.0\n", ".target sm_90a\n", "wgmma.mma_async")
                .containsPattern(
                        "\\.entry hopper_forward_64\\(\\s*\\.param \\.align 8 \\.b8 \\w+\\[384\\]");
        assertThat(new String(Images.cubin(image, 90), StandardCharsets.ISO_8859_1))
                .contains("longspan-image: " + image);
        assertThat(Images.cubin(image, 80)).isNull();
    }

    /** The images that Longformers run, compiled anew. */
    @Test
    void noKernelSpillsRegisters(@TempDir Path folder) throws IOException {
        assumeTrue(Tools.has("ptxas"), "ptxas is not on the path; it says what a kernel uses");
        for (String target : List.of("sm_90")) {
            for (String image : List.of("ffma-fp32", "mma-bf16")) {
                Path text = folder.resolve(image + ".ptx");
                Files.write(text, Images.ptx(image));
                String report =
                        Tools.run(
                                List.of(
                                        "ptxas",
                                        "-v",
                                        "-arch=" + target,
                                        "-o",
                                        folder.resolve("image.cubin").toString(),
                                        text.toString()));
                assertThat(report.lines().filter(line -> line.contains("spill")))
                        .as("%s for %s", image, target)
                        .hasSizeGreaterThan(8)
                        .allMatch(line ->
                                line.strip()
                                        .equals(
                                                "0 bytes stack frame, 0 bytes spill stores,"
                                                        + " 0 bytes spill loads"));
            }
        }
    }

    private static String text(String image) {
        return new String(Images.ptx(image), StandardCharsets.US_ASCII);
    }
}
