package io.longspan.model.exact;

import static io.longspan.model.exact.TinyModels.SAME;
import static io.longspan.model.exact.TinyModels.hidden;
import static io.longspan.model.exact.TinyModels.same;
import static io.longspan.model.exact.TinyModels.wide;

import io.longspan.attention.AttentionBackend;
import io.longspan.attention.SequenceLayout;
import io.longspan.model.Backends;
import io.longspan.model.Progress;
import io.longspan.model.convert.LongformerConversion;
import io.longspan.model.encoder.ExactSavings;
import io.longspan.model.infer.LongformerModel;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A converted model whose windows reach everything is the RoBERTa that it comes from. */
final class DenseRobertaTest {
    private static final long SEED = 1907;

    @TempDir Path folder;

    @ParameterizedTest
    @CsvSource({"loop,all", "loop,none", "chunks,all", "chunks,none", "fused,all", "fused,none"})
    void aWindowOfTwiceTheTextIsDense(String backend, String savings) throws URISyntaxException {
        Path source =
                Path.of(DenseRobertaTest.class.getResource("/fixtures/roberta-source").toURI());
        Path converted = folder.resolve("longformer");
        int longest = 31;
        LongformerConversion.convert(
                source, converted, 100, 2 * (longest - 1), Progress.none(), path -> {});
        ExactSavings chosen = ExactSavings.of(savings);
        Random random = new Random(SEED);
        try (AttentionBackend attention = Backends.of(backend);
                LongformerModel roberta = TinyModels.open(source, chosen);
                LongformerModel longformer = TinyModels.open(converted, chosen)) {
            for (int length : new int[] {1, 2, 17, longest}) {
                long[] ids = random.longs(length, 5, 500).toArray();
                SequenceLayout layout = SequenceLayout.allLocal(length);
                String what = backend + ", " + length + " tokens, seed " + SEED;
                float[] expected = hidden(roberta, attention, ids, layout);
                same(what, hidden(longformer, attention, ids, layout), wide(expected), SAME);
                double[] oracle = new OracleEncoder(source).dense(ids, "");
                same(what + ", float64", expected, oracle, 1e-5);
            }
        }
    }
}
