package io.longspan.model.checkpoint;

import io.longspan.model.AtomicFile;
import io.longspan.model.InputJson;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Writes safetensors files. The same tensors give the same bytes: wide types come first, so that
 * every value is aligned, then names in alphabetical order; values begin at a multiple of 8.
 */
public final class SafetensorsWriter {
    private static final int PIECE = 4 << 20;
    private static final int ALIGNMENT = 8;

    private static final Comparator<OutgoingTensor> ORDER =
            Comparator.comparingInt((OutgoingTensor tensor) -> -tensor.info().dtype().bytes())
                    .thenComparing(tensor -> tensor.info().name());

    private SafetensorsWriter() {}

    /** Writes tensors with the metadata that Hugging Face expects, {@code format: pt}. */
    public static void write(Path file, Collection<OutgoingTensor> tensors) {
        write(file, tensors, Map.of("format", "pt"));
    }

    /**
     * Writes or replaces a file in one step; when anything fails the old file, if any, is untouched
     * and no other is left.
     *
     * @param file path to write; its folder has to exist
     * @param tensors with different names
     * @param metadata free texts by key
     * @throws io.longspan.model.ModelInputException when the folder does not exist
     * @throws UncheckedIOException when the disk refuses
     * @throws IllegalArgumentException when two tensors share a name
     * @throws IllegalStateException when a tensor gives more or fewer bytes than its shape takes
     */
    public static void write(
            Path file, Collection<OutgoingTensor> tensors, Map<String, String> metadata) {
        List<OutgoingTensor> inOrder = tensors.stream().sorted(ORDER).toList();
        byte[] header = header(inOrder, metadata);
        AtomicFile.write(
                file,
                channel -> {
                    writeFully(channel, ByteBuffer.wrap(header));
                    for (OutgoingTensor tensor : inOrder) {
                        writeValues(channel, tensor);
                    }
                });
    }

    private static byte[] header(List<OutgoingTensor> tensors, Map<String, String> metadata) {
        ObjectNode header = JsonNodeFactory.instance.objectNode();
        if (!metadata.isEmpty()) {
            ObjectNode texts = header.putObject("__metadata__");
            new TreeMap<>(metadata).forEach(texts::put);
        }
        long end = 0;
        for (OutgoingTensor tensor : tensors) {
            TensorInfo info = tensor.info();
            if (header.has(info.name())) {
                throw new IllegalArgumentException("two tensors are named " + info.name());
            }
            ObjectNode entry = header.putObject(info.name());
            entry.put("dtype", info.dtype().name());
            info.shape().forEach(entry.putArray("shape")::add);
            entry.putArray("data_offsets").add(end).add(end += info.bytes());
        }
        byte[] json =
                InputJson.mapper().writeValueAsString(header).getBytes(StandardCharsets.UTF_8);
        int padded = (json.length + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
        byte[] bytes = new byte[Long.BYTES + padded];
        MemorySegment.ofArray(bytes).set(LittleEndian.LONG, 0, padded);
        System.arraycopy(json, 0, bytes, Long.BYTES, json.length);
        Arrays.fill(bytes, Long.BYTES + json.length, bytes.length, (byte) ' ');
        return bytes;
    }

    private static void writeValues(FileChannel channel, OutgoingTensor tensor) throws IOException {
        long begin = channel.position();
        try {
            tensor.values().giveTo(segment -> writePieces(channel, segment));
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
        long written = channel.position() - begin;
        if (written != tensor.info().bytes()) {
            throw new IllegalStateException(
                    "tensor '"
                            + tensor.info().name()
                            + "' gave "
                            + written
                            + " bytes; its shape takes "
                            + tensor.info().bytes());
        }
    }

    private static void writePieces(FileChannel channel, MemorySegment segment) {
        try {
            for (long at = 0; at < segment.byteSize(); at += PIECE) {
                long size = Math.min(PIECE, segment.byteSize() - at);
                writeFully(channel, buffer(segment.asSlice(at, size)));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Only native memory and byte arrays can be seen as a buffer; other arrays are copied. */
    private static ByteBuffer buffer(MemorySegment piece) {
        return piece.isNative()
                ? piece.asByteBuffer()
                : ByteBuffer.wrap(piece.toArray(ValueLayout.JAVA_BYTE));
    }

    private static void writeFully(FileChannel channel, ByteBuffer bytes) throws IOException {
        while (bytes.hasRemaining()) {
            channel.write(bytes);
        }
    }
}
