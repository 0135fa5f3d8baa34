package io.longspan.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.longspan.bench.TokenizerBenchResult.Peer;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

final class TokenizerBenchTest {
    private static final Path DEMO = Path.of("..", "demo");

    /** The tokens are those that an ingest of the same books has, but for the ends of documents. */
    @Test
    void bothFiguresAreOfAllTokens() {
        List<Path> books =
                List.of(
                        DEMO.resolve("books/pg1952_yellow_wallpaper.txt"),
                        DEMO.resolve("books/pg1080_modest_proposal.txt"),
                        DEMO.resolve("books/pg11_alice_in_wonderland.txt"));
        TokenizerBenchResult found =
                new TokenizerBench(_ -> {})
                        .run(
                                new TokenizerBenchRequest(
                                        DEMO.resolve("tokenizer"), books, 2, 3, null));
        assertThat(found.texts()).isEqualTo(3);
        assertThat(found.tokens()).isEqualTo(75_905 - 3);
        assertThat(found.one().runs()).isEqualTo(3);
        assertThat(found.megabytesPerSecond())
                .isEqualTo(found.bytes() / 1e6 / found.one().medianSeconds())
                .isPositive();
        assertThat(found.megabytesPerSecondOfAll()).isPositive();
        assertThat(found.ratio()).isEmpty();
    }

    @Test
    void thePeerThatIsFastestCountsAndItsIdsAreCompared() {
        List<Peer> peers =
                TokenizerPeers.parse(
                        List.of(
                                "whole\t1.0\tours\t0.5\t0.4\t0.6",
                                "pieces\t1.0\tothers\t0.2\t0.3\t0.4",
                                "none\tnone\tnot installed: tokenizers"),
                        "ours");
        assertThat(peers).extracting(Peer::sameIds).containsExactly(true, false, false);
        assertThat(peers)
                .extracting(Peer::note)
                .containsExactly("", "", "not installed: tokenizers");
        Timing own = new Timing(0.1, 0.1, 0.1, 1);
        TokenizerBenchResult found = new TokenizerBenchResult(1, 1000, 200, own, own, 1, peers);
        assertThat(found.ratio()).hasValue(0.3 / 0.1);
        assertThatThrownBy(() -> TokenizerPeers.parse(List.of("trace"), "ours"))
                .hasMessageContaining("'trace'");
    }

    @Test
    void numbersOutsideTheirRangeAreRefused() {
        assertThatThrownBy(() -> new TokenizerBenchRequest(DEMO, List.of(), 1, 1, null))
                .hasMessageContaining("no text");
        assertThatThrownBy(() -> new TokenizerBenchRequest(DEMO, List.of(DEMO), 0, 1, null))
                .hasMessageContaining("threads is 0");
        assertThatThrownBy(() -> new TokenizerBenchRequest(DEMO, List.of(DEMO), 1, 0, null))
                .hasMessageContaining("runs is 0");
    }
}
