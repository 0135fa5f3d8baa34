package io.longspan.attention.cuda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.abort;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The compiled kernels in the jar. */
final class ImagesTest {
    private static final Path FOLDER =
            Path.of("src/main/resources/io/longspan/attention/cuda/images");
    private static final Path SOURCE = Path.of("src/main/cuda");
    private static final long MOST_BYTES = 3_000_000;

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
        assertThat(found).isEqualTo(image.startsWith("mma") ? 9 : 11);
    }

    /** The images that Longformers run; build-images.sh checks every image for every target. */
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
