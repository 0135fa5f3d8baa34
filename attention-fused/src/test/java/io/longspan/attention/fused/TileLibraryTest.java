package io.longspan.attention.fused;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.abort;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.longspan.attention.AttentionPattern;
import io.longspan.attention.AttentionPlan;
import io.longspan.attention.Device;
import io.longspan.attention.ElementType;
import io.longspan.attention.Feature;
import io.longspan.attention.ProductPrecision;
import io.longspan.attention.QueryRows;
import io.longspan.attention.SequenceLayout;
import io.longspan.attention.Workload;
import java.io.IOException;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** The compiled tiles in the jar, and when they are used. */
final class TileLibraryTest {
    private static final Path FOLDER =
            Path.of("src/main/resources/io/longspan/attention/fused/linux-x86_64");
    private static final Path SOURCE = Path.of("src/main/c/tiles.c");

    /** Fails where somebody could build it anew, and says so where nobody can. */
    @Test
    void theLibraryIsThatOfTheSource() throws IOException, NoSuchAlgorithmException {
        String source =
                HexFormat.of()
                        .formatHex(
                                MessageDigest.getInstance("SHA-256")
                                        .digest(Files.readAllBytes(SOURCE)));
        if (Files.readString(FOLDER.resolve("source.sha256")).strip().equals(source)) {
            return;
        }
        String stale = "the native tiles are older than their source; run build-tiles.sh";
        if (Files.isExecutable(Path.of("/usr/bin/gcc"))) {
            throw new AssertionError(stale);
        }
        abort(stale + " where there is gcc");
    }

    @Test
    void roundedProductsAreFarFromExactOnesByNoMoreThanBfloat16AndNotTheSame() {
        assumeTrue(
                TileLibrary.words().startsWith("bf16"),
                () -> "there are " + TileLibrary.words() + " here");
        SequenceLayout layout = SequenceLayout.allLocal(700, 90).withGlobals(0, 300);
        AttentionPattern pattern = AttentionPattern.symmetric(2, 64, 48);
        try (Calls calls = new Calls(layout, pattern, 48, 11);
                FusedAttention backend = Calls.backend(2, Map.of("warm-up", "false"));
                AttentionPlan exact =
                        backend.plan(layout, QueryRows.all(), workload(layout, pattern, false));
                AttentionPlan rounded =
                        backend.plan(layout, QueryRows.all(), workload(layout, pattern, true))) {
            backend.forward(exact, calls.forward(), null);
            float[] expected = calls.output();
            backend.forward(rounded, calls.forward(), null);
            double distance = distance(calls.output(), expected);
            assertThat(distance).isBetween(1e-4, 6e-3);
        }
    }

    @Test
    void rowsThatAreNotLocalAreZerosWhateverTheValuesHold() {
        SequenceLayout layout = SequenceLayout.allLocal(128).withGlobals(70);
        AttentionPattern pattern = AttentionPattern.symmetric(1, 128, 64);
        try (Calls calls = new Calls(layout, pattern, 64, 13);
                FusedAttention backend = Calls.backend(1, Map.of("warm-up", "false"));
                AttentionPlan rounded =
                        backend.plan(layout, QueryRows.all(), workload(layout, pattern, true))) {
            calls.forward()
                    .value()
                    .segment()
                    .setAtIndex(ValueLayout.JAVA_FLOAT, 0, Float.POSITIVE_INFINITY);
            backend.forward(rounded, calls.forward(), null);
            assertThat(Arrays.copyOfRange(calls.output(), 70 * 64, 71 * 64)).containsOnly(0);
        }
    }

    @Test
    void withoutTheOptionProductsAreExact() {
        SequenceLayout layout = SequenceLayout.allLocal(130);
        AttentionPattern pattern = AttentionPattern.symmetric(1, 16, 64);
        try (Calls calls = new Calls(layout, pattern, 64, 12);
                FusedAttention backend =
                        Calls.backend(1, Map.of("warm-up", "false", "bf16-products", "false"));
                AttentionPlan exact =
                        backend.plan(layout, QueryRows.all(), workload(layout, pattern, false));
                AttentionPlan rounded =
                        backend.plan(layout, QueryRows.all(), workload(layout, pattern, true))) {
            backend.forward(exact, calls.forward(), null);
            float[] expected = calls.output();
            backend.forward(rounded, calls.forward(), null);
            assertThat(Arrays.mismatch(calls.output(), expected)).isEqualTo(-1);
        }
    }

    private static Workload workload(
            SequenceLayout layout, AttentionPattern pattern, boolean rounded) {
        Set<Feature> calls = layout.features();
        return new Workload(
                pattern,
                pattern.heads() == 1 ? 64 : 48,
                ElementType.FP32,
                Device.Kind.CPU,
                calls,
                rounded ? ProductPrecision.BF16 : ProductPrecision.EXACT);
    }

    /** Relative distance of two tensors, by their norms. */
    private static double distance(float[] actual, float[] expected) {
        double apart = 0;
        double norm = 0;
        for (int i = 0; i < expected.length; i++) {
            apart += Math.pow((double) actual[i] - expected[i], 2);
            norm += Math.pow(expected[i], 2);
        }
        return Math.sqrt(apart / norm);
    }
}
