package io.longspan.cli;

import io.longspan.cli.config.UsageException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Option;

/** The text of a call, and the model that is asked. */
final class TextOptions {
    @ArgGroup(multiplicity = "1")
    private Source source;

    @Option(
            names = "--model",
            defaultValue = "",
            paramLabel = "NAME",
            description = "Model to ask; the server's default without it.")
    private String model;

    /** Either of the two. */
    static final class Source {
        @Option(names = "--text", paramLabel = "TEXT", description = "The text.")
        private @Nullable String text;

        @Option(names = "--file", paramLabel = "FILE", description = "A file with the text, UTF-8.")
        private @Nullable Path file;
    }

    String model() {
        return model;
    }

    String text() {
        if (source.text != null) {
            return source.text;
        }
        if (source.file == null) {
            throw new UsageException("name a text with --text or --file");
        }
        try {
            return Files.readString(source.file);
        } catch (java.nio.charset.CharacterCodingException e) {
            throw new UsageException("'" + source.file + "' is not UTF-8; convert it first", e);
        } catch (IOException e) {
            throw new UncheckedIOException("'" + source.file + "' cannot be read", e);
        }
    }
}
