package io.longspan.attention.cuda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import io.longspan.attention.AttentionPattern;
import io.longspan.attention.BackendContext;
import io.longspan.attention.BackendOptions;
import io.longspan.attention.Device;
import io.longspan.attention.ElementType;
import io.longspan.attention.KernelBackend;
import io.longspan.attention.QueryRows;
import io.longspan.attention.SequenceLayout;
import io.longspan.attention.testkit.cases.AttentionCase;
import io.longspan.attention.testkit.cases.InputKind;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** A kernel with a bug is caught by the emulated GPU: a bound, a fragment, a barrier of each. */
final class SeededBugsTest {
    private static final AttentionCase CASE = severalTiles(16, true);

    /** What the kernel for compute capability 9.0 takes. */
    private static final AttentionCase HOPPER_CASE = severalTiles(64, false);

    private static AttentionCase severalTiles(int headSize, boolean biased) {
        return new AttentionCase(
                "several tiles",
                41,
                SequenceLayout.allLocal(330, 3, 70).withGlobals(0, 331, 340),
                AttentionPattern.builder(2)
                        .reach(20, 13)
                        .reach(1, 130, 100)
                        .offsetBias(biased)
                        .scaleFor(headSize)
                        .build(),
                headSize,
                QueryRows.all(),
                null,
                InputKind.NORMAL);
    }

    /**
     * A bug.
     *
     * @param what it is
     * @param file of the kernels
     * @param from what stands there
     * @param to what stands there with the bug
     * @param fault what is seen of it first
     */
    private record Bug(String what, String file, String from, String to, String fault) {}

    private static final List<Bug> BUGS =
            List.of(
                    new Bug(
                            "the last key of a window",
                            "geometry.cuh",
                            "step <= item.right",
                            "step < item.right",
                            "output"),
                    new Bug(
                            "forward: a column of the right side",
                            "ffma.cuh",
                            "right[j] = b[k][column + j]",
                            "right[j] = b[k][column + (j ^ 1)]",
                            "output"),
                    new Bug(
                            "forward: panels before they are loaded",
                            "ffma.cuh",
                            "        __syncthreads();\n        multiply(sum, tile.a, tile.b, kChunk<D>)",
                            "        multiply(sum, tile.a, tile.b, kChunk<D>)",
                            "output"),
                    new Bug(
                            "queries: weights before the products are done",
                            "ffma_backward.cuh",
                            "        __syncthreads();\n        put_weights<true>(tile, products)",
                            "        put_weights<true>(tile, products)",
                            "query gradient"),
                    new Bug(
                            "keys: weights before the sums of values are done",
                            "ffma_backward.cuh",
                            "            __syncthreads();\n            put_weights<false>(tile, products);\n            gather",
                            "            put_weights<false>(tile, products);\n            gather",
                            "value gradient"),
                    new Bug(
                            "tensor cores, forward: granules at the end of a window",
                            "mma_forward.cuh",
                            "firstQuery + kGranule + item.right - firstKey",
                            "firstQuery + item.right - firstKey",
                            "output"),
                    new Bug(
                            "a tile at the window's edge that is taken for one inside",
                            "ffma.cuh",
                            "firstKey + kTile - 1 <= firstQuery + item.right",
                            "firstKey <= firstQuery + item.right",
                            "output"),
                    new Bug(
                            "tensor cores, forward: a tile that is taken for one inside",
                            "mma_forward.cuh",
                            "firstKey + kTile - 1 <= firstQuery + item.right",
                            "firstKey <= firstQuery + item.right",
                            "output"),
                    new Bug(
                            "tensor cores, forward: halves of a fragment",
                            "mma_forward.cuh",
                            "weights, b[2], b[3]",
                            "weights, b[3], b[2]",
                            "output"),
                    new Bug(
                            "tensor cores, forward: a tile before it is there",
                            "mma_forward.cuh",
                            "copy_wait<1>();",
                            "copy_wait<2>();",
                            "output"),
                    new Bug(
                            "tensor cores, queries: no barrier before a tile is used",
                            "mma_backward.cuh",
                            "        __syncthreads();\n        bool band = walk",
                            "        bool band = walk",
                            "row 0 of a token that sees nothing is not zero"),
                    new Bug(
                            "products of output rows: the last step of a sum over lanes",
                            "rows.cuh",
                            "step > 0; step /= 2",
                            "step > 1; step /= 2",
                            "query gradient"),
                    new Bug(
                            "sums of global keys: the last part",
                            "rows.cuh",
                            "part < item.otherEnd; part++) {\n            const",
                            "part < item.otherEnd - 1; part++) {\n            const",
                            "key gradient"),
                    new Bug(
                            "sums of the bias: the last part",
                            "rows.cuh",
                            "part < item.otherEnd; part++) {\n        sum",
                            "part < item.otherEnd - 1; part++) {\n        sum",
                            "bias gradient"),
                    new Bug(
                            "bias: the offset of its column",
                            "bias.cuh",
                            "column_[key - query]",
                            "column_[query - key]",
                            "output"),
                    new Bug(
                            "bias: the last row of a diagonal",
                            "bias.cuh",
                            "diagonal < 0 ? kTile : kTile - diagonal",
                            "diagonal < 0 ? kTile - 1 : kTile - diagonal",
                            "bias gradient"),
                    new Bug(
                            "tensor cores, bias: no barrier before diagonals are read",
                            "mma_backward.cuh",
                            "            __syncthreads();\n            add_diagonals",
                            "            add_diagonals",
                            "bias gradient"),
                    new Bug(
                            "tensor cores, bias: halves of a fragment",
                            "mma_backward.cuh",
                            "lane_row() + (i >> 1) * 8) * kPanelPitch",
                            "lane_row() + (i & 1) * 8) * kPanelPitch",
                            "bias gradient"),
                    new Bug(
                            "tensor cores, keys: the tile before the window",
                            "mma_backward.cuh",
                            "band ? firstKey - item.right - firstQuery : 0",
                            "band ? firstKey - firstQuery : 0",
                            "key gradient"),
                    new Bug(
                            "hopper: the depth of a step in shared memory",
                            "hopper_forward.cuh",
                            "keys(stage).data + k * 16)",
                            "keys(stage).data + k * 8)",
                            "output"),
                    new Bug(
                            "hopper: from eight rows to the next",
                            "hopper_forward.cuh",
                            "| step << 32",
                            "| step / 2 << 32",
                            "output"),
                    new Bug(
                            "hopper: copies that the tensor cores do not see",
                            "hopper_forward.cuh",
                            "        shared_fence();\n",
                            "",
                            "output"),
                    new Bug(
                            "hopper: memory from no round address on",
                            "hopper_forward.cuh",
                            "% kPatternBytes / 2;",
                            "% kPatternBytes / 2 * 0;",
                            "output"),
                    new Bug(
                            "hopper: tiles at the end of a group's window",
                            "hopper_forward.cuh",
                            "groupRow + kGroupRows + item.right",
                            "groupRow + item.right",
                            "output"),
                    new Bug(
                            "hopper: sums that are not waited for",
                            "hopper_forward.cuh",
                            "            group_end(scores);\n",
                            "",
                            "output"),
                    new Bug(
                            "tensor cores, both: rows of the right side",
                            "mma_backward.cuh",
                            "multiply(sum[1], left, right[2], right[3])",
                            "multiply(sum[1], left, right[2], right[1])",
                            "query gradient"),
                    new Bug(
                            "tensor cores, keys: granules at the end of a window",
                            "mma_backward.cuh",
                            "firstKey + kGranule + item.left - firstQuery",
                            "firstKey + item.left - firstQuery",
                            "key gradient"));

    @TestFactory
    Stream<DynamicTest> aSeededBugIsSeenWhereItIs() {
        return BUGS.stream().map(bug -> dynamicTest(bug.what(), () -> check(bug)));
    }

    private static void check(Bug bug) {
        Emulation emulation = Emulation.changed(bug.file(), bug.from(), bug.to());
        String fault =
                bug.file().startsWith("hopper")
                        ? hopperFault(emulation)
                        : fault(emulation, type(bug.file()));
        assertThat(fault).startsWith(bug.fault());
    }

    /** The same case is right without a bug, whichever thread of a block comes first. */
    @Test
    void withoutABugTheCaseIsRightInEitherOrderOfThreads() {
        Emulation emulation = Emulation.shipped();
        for (ElementType type : ElementType.values()) {
            for (boolean backwards : new boolean[] {false, true}) {
                emulation.backwards(backwards);
                assertThat(fault(emulation, type)).as("%s, %s", type, backwards).isEmpty();
            }
        }
        for (boolean backwards : new boolean[] {false, true}) {
            emulation.backwards(backwards);
            assertThat(hopperFault(emulation)).as("hopper, %s", backwards).isEmpty();
        }
    }

    private static ElementType type(String file) {
        return file.startsWith("mma") ? ElementType.BF16 : ElementType.FP32;
    }

    private static String fault(Emulation emulation, ElementType type) {
        return fault(emulation, CASE, type, Map.of());
    }

    private static String hopperFault(Emulation emulation) {
        emulation.device(9, 0, 12040, 1);
        return fault(emulation, HOPPER_CASE, ElementType.BF16, Map.of("hopper", "true"));
    }

    private static String fault(
            Emulation emulation,
            AttentionCase asked,
            ElementType type,
            Map<String, String> options) {
        CudaAttentionProvider provider = emulation.provider();
        try (KernelBackend backend =
                (KernelBackend)
                        provider.create(
                                new BackendContext(
                                        BackendOptions.of("cuda", provider.options(), options),
                                        Device.CPU,
                                        1))) {
            return TypedChecks.fault(backend, asked, type);
        }
    }
}
