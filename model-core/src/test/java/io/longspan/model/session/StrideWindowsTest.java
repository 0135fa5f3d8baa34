package io.longspan.model.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.longspan.model.ModelInputException;
import io.longspan.model.tokenizer.Encoding;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Cutting of long texts, and the joining of their answers. */
final class StrideWindowsTest {
    @TempDir Path folder;

    /** A token per letter, so that every count can be said beforehand. */
    @Test
    void windowsCoverATextAndNoTokenIsFreshTwice() throws IOException {
        try (SessionFixture fixture = new SessionFixture("masked-lm", null, "loop", folder)) {
            Random random = new Random(5);
            for (int round = 0; round < 200; round++) {
                int longest = 4 + random.nextInt(12);
                int stride = 1 + random.nextInt(longest - 2);
                int letters = 1 + random.nextInt(60);
                StringBuilder text = new StringBuilder();
                for (int i = 0; i < letters; i++) {
                    text.append((char) ('a' + random.nextInt(26)));
                }
                Encoding whole = fixture.tokenizer.encode(text.toString());
                StrideWindows windows = new StrideWindows(fixture.tokenizer, longest, stride);
                String label = letters + " letters, " + longest + " by " + stride;
                check(label, windows.of(whole), whole, longest, stride);
            }
        }
    }

    private static void check(
            String label, List<TextWindow> windows, Encoding whole, int longest, int stride) {
        List<Integer> fresh = new ArrayList<>();
        for (int w = 0; w < windows.size(); w++) {
            Encoding part = windows.get(w).text().encoding();
            assertThat(part.size()).as(label).isLessThanOrEqualTo(longest);
            assertThat(part.id(0)).isZero();
            assertThat(part.id(part.size() - 1)).isEqualTo(2);
            boolean last = w == windows.size() - 1;
            assertThat(last || part.size() == longest).as(label).isTrue();
            for (int t = 1; t < part.size() - 1; t++) {
                assertThat(part.id(t)).as(label).isEqualTo(whole.id(w * stride + t));
                assertThat(part.start(t)).isEqualTo(whole.start(w * stride + t));
            }
            int[] own = Arrays.copyOfRange(part.ids(), 1, part.size() - 1);
            int seen = own.length - windows.get(w).fresh();
            for (int t = seen; t < own.length; t++) {
                fresh.add(own[t]);
            }
        }
        int[] ids = Arrays.copyOfRange(whole.ids(), 1, whole.size() - 1);
        assertThat(fresh.stream().mapToInt(Integer::intValue).toArray()).as(label).isEqualTo(ids);
    }

    @Test
    void aTextThatFitsIsItsOnlyWindow() throws IOException {
        try (SessionFixture fixture = new SessionFixture("masked-lm", null, "loop", folder)) {
            StrideWindows windows = new StrideWindows(fixture.tokenizer, 256, 190);
            String text = "a <mask> of <mask>";
            List<TextWindow> found = windows.of(fixture.tokenizer.encode(text));
            assertThat(found).hasSize(1);
            assertThat(found.getFirst().text()).isEqualTo(fixture.session.tokenize(text));
            assertThat(StrideWindows.usualStride(256)).isEqualTo(190);
        }
    }

    @Test
    void theFirstWindowIsWhatIsLeftOfATruncatedText() throws IOException {
        try (SessionFixture fixture = new SessionFixture("masked-lm", null, "loop", folder)) {
            StrideWindows windows = new StrideWindows(fixture.tokenizer, 5, 3);
            TextWindow first = windows.first(fixture.tokenizer.encode("abcdefg"));
            assertThat(first.text()).isEqualTo(fixture.session.tokenize("abc"));
            assertThat(first.fresh()).isEqualTo(3);
        }
    }

    @Test
    void aStrideThatWouldSkipTokensIsRefused() throws IOException {
        try (SessionFixture fixture = new SessionFixture("masked-lm", null, "loop", folder)) {
            for (int stride : new int[] {0, 255}) {
                assertThatThrownBy(() -> new StrideWindows(fixture.tokenizer, 256, stride))
                        .isInstanceOf(ModelInputException.class)
                        .hasMessageContaining("from 1 to 254");
            }
        }
    }

    @Test
    void vectorsAreJoinedByFreshTokens() throws IOException {
        try (SessionFixture fixture = new SessionFixture("masked-lm", null, "loop", folder)) {
            List<TextWindow> windows =
                    new StrideWindows(fixture.tokenizer, 6, 2)
                            .of(fixture.tokenizer.encode("abcdefg"));
            assertThat(windows).extracting(TextWindow::fresh).containsExactly(4, 2, 1);
            List<float[]> vectors =
                    List.of(new float[] {1, -3}, new float[] {2, 8}, new float[] {-7, 4});
            assertThat(WindowPooling.MEAN.join(vectors, windows))
                    .containsExactly(1f / 7, (-12f + 16 + 4) / 7);
            assertThat(WindowPooling.MAX.join(vectors, windows)).containsExactly(2, 8);
            assertThat(WindowPooling.unit(new float[] {3, -4})).containsExactly(0.6f, -0.8f);
            assertThat(WindowPooling.unit(new float[2])).containsExactly(0, 0);
        }
    }
}
