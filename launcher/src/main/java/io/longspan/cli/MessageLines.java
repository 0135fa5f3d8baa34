package io.longspan.cli;

import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.protobuf.util.JsonFormat;
import io.longspan.api.v1.ModelRef;
import io.longspan.cli.config.UsageException;
import io.longspan.cli.term.ProgressLine;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.Locale;
import java.util.NoSuchElementException;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** Requests out of a file, a line of JSON each; empty lines are left out. For one thread. */
final class MessageLines<Q extends Message> implements Iterator<Q>, AutoCloseable {
    private final Path file;
    private final Q empty;
    private final String model;
    private final BufferedReader lines;
    private final long size;
    private final ProgressLine progress = new ProgressLine("requests");
    private final long begin = System.nanoTime();
    private final AtomicLong read = new AtomicLong();
    private long number;
    private @Nullable String next;

    private MessageLines(Path file, Q empty, String model, BufferedReader lines, long size) {
        this.file = file;
        this.empty = empty;
        this.model = model;
        this.lines = lines;
        this.size = size;
    }

    /**
     * Opens a file.
     *
     * @param empty a request
     * @param model of requests that name none
     */
    static <Q extends Message> MessageLines<Q> open(Path file, Q empty, String model) {
        try {
            return new MessageLines<>(
                    file, empty, model, Files.newBufferedReader(file), Files.size(file));
        } catch (NoSuchFileException e) {
            throw new UsageException("'" + file + "' does not exist; name a file of requests", e);
        } catch (IOException e) {
            throw new UncheckedIOException("'" + file + "' cannot be read", e);
        }
    }

    /** Shows how far the answers have come. */
    void advance(long answers) {
        progress.advance(
                String.format(
                        Locale.ROOT,
                        "%,.1f answers/s",
                        answers / ((System.nanoTime() - begin) / 1e9)),
                Math.min(read.get(), size),
                size);
    }

    @Override
    public boolean hasNext() {
        try {
            while (next == null || next.isBlank()) {
                next = lines.readLine();
                number++;
                if (next == null) {
                    return false;
                }
                read.addAndGet(next.length() + 1L);
            }
            return true;
        } catch (CharacterCodingException e) {
            throw new UsageException("'" + file + "' is not UTF-8; convert it first", e);
        } catch (IOException e) {
            throw new UncheckedIOException("'" + file + "' cannot be read", e);
        }
    }

    @Override
    public Q next() {
        if (!hasNext()) {
            throw new NoSuchElementException();
        }
        String line = next;
        next = null;
        Message.Builder request = empty.newBuilderForType();
        try {
            JsonFormat.parser().merge(line, request);
        } catch (InvalidProtocolBufferException e) {
            throw new UsageException(
                    "line "
                            + number
                            + " of '"
                            + file
                            + "' is no request: "
                            + e.getMessage()
                            + "; its fields are those of "
                            + empty.getDescriptorForType().getFullName(),
                    e);
        }
        FieldDescriptor asked = empty.getDescriptorForType().findFieldByName("model");
        if (!model.isEmpty() && !request.hasField(asked)) {
            request.setField(asked, ModelRef.newBuilder().setName(model).build());
        }
        @SuppressWarnings("unchecked")
        Q built = (Q) request.build();
        return built;
    }

    @Override
    public void close() {
        progress.close();
        try {
            lines.close();
        } catch (IOException e) {
            throw new UncheckedIOException("'" + file + "' cannot be read", e);
        }
    }
}
