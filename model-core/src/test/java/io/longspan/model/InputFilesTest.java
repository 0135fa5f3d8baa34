package io.longspan.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class InputFilesTest {
    @TempDir private Path folder;

    @Test
    void fileAboveTheLimitIsNotRead() throws IOException {
        Path file = Files.writeString(folder.resolve("f"), "12345");
        assertThat(InputFiles.read(file, 5)).hasSize(5);
        assertThatThrownBy(() -> InputFiles.read(file, 4))
                .isInstanceOf(ModelInputException.class)
                .hasMessageContaining("has 5 bytes; at most 4 were expected");
    }

    @Test
    void quotedTextStaysOnOneShortLine() {
        assertThat(Quoted.of("a\nb\uD800")).isEqualTo("'a\\u000ab\\ud800'");
        assertThat(Quoted.of("x".repeat(5000))).hasSize(125).endsWith("...'");
        assertThat(Quoted.plain("plain")).isEqualTo("plain");
    }

    @Test
    void failedContentLeavesNothing() {
        Path file = folder.resolve("f");
        assertThatThrownBy(() ->
                        AtomicFile.write(
                                file,
                                channel -> {
                                    channel.write(ByteBuffer.allocate(100));
                                    throw new IOException("disk full");
                                }))
                .hasMessageContaining(file.toString())
                .rootCause()
                .hasMessage("disk full");
        assertThat(folder).isEmptyDirectory();
    }

    @Test
    void refusalNamesTheFileBeforeTheProblem() {
        ModelInputException inner = new ModelInputException("size is 0; it must be 1");
        assertThat(inner.in("c.json"))
                .hasMessage("'c.json': size is 0; it must be 1")
                .hasCause(inner);
    }
}
