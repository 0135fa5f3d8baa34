package io.longspan.cli;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.protobuf.util.JsonFormat;
import io.longspan.cli.config.UsageException;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** A file of messages, a line of JSON each. For one thread at a time. */
final class MessageFile implements AutoCloseable {
    private final Path file;
    private final BufferedWriter lines;
    private final JsonFormat.Printer printer =
            JsonFormat.printer()
                    .omittingInsignificantWhitespace()
                    .alwaysPrintFieldsWithNoPresence();
    private long count;

    private MessageFile(Path file, BufferedWriter lines) {
        this.file = file;
        this.lines = lines;
    }

    /**
     * Makes one.
     *
     * @throws UsageException when there is such a file
     */
    static MessageFile create(Path file) {
        try {
            return new MessageFile(
                    file, Files.newBufferedWriter(file, StandardOpenOption.CREATE_NEW));
        } catch (FileAlreadyExistsException e) {
            throw new UsageException("'" + file + "' exists; name another file", e);
        } catch (IOException e) {
            throw new UncheckedIOException("'" + file + "' cannot be written", e);
        }
    }

    synchronized void add(Message message) {
        try {
            lines.write(printer.print(message));
            lines.write('\n');
            count++;
        } catch (InvalidProtocolBufferException e) {
            throw new IllegalStateException("the answer cannot be printed as JSON", e);
        } catch (IOException e) {
            throw new UncheckedIOException("'" + file + "' cannot be written", e);
        }
    }

    synchronized long count() {
        return count;
    }

    @Override
    public synchronized void close() {
        try {
            lines.close();
        } catch (IOException e) {
            throw new UncheckedIOException("'" + file + "' cannot be written", e);
        }
    }
}
