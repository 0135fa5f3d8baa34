package io.longspan.model.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.longspan.model.ModelInputException;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class SafetensorsWriterTest {
    @TempDir private Path folder;

    @Test
    void smallFileHasExactlyTheBytesOfTheFormat() throws IOException {
        Path file = folder.resolve("t.safetensors");
        SafetensorsWriter.write(
                file,
                List.of(
                        OutgoingTensor.of("b", new float[] {1, -2}, 2),
                        OutgoingTensor.of("a", new float[] {3}),
                        OutgoingTensor.of(
                                TensorInfo.of("flag", DType.BOOL, 1),
                                MemorySegment.ofArray(new byte[] {1})),
                        OutgoingTensor.of("ids", new long[] {258}, 1, 1)));
        String header =
                "{\"__metadata__\":{\"format\":\"pt\"},"
                        + "\"ids\":{\"dtype\":\"I64\",\"shape\":[1,1],\"data_offsets\":[0,8]},"
                        + "\"a\":{\"dtype\":\"F32\",\"shape\":[],\"data_offsets\":[8,12]},"
                        + "\"b\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[12,20]},"
                        + "\"flag\":{\"dtype\":\"BOOL\",\"shape\":[1],\"data_offsets\":[20,21]}}";
        String padded = header + " ".repeat((8 - header.length() % 8) % 8);
        ByteBuffer expected =
                ByteBuffer.allocate(8 + padded.length() + 21).order(ByteOrder.LITTLE_ENDIAN);
        expected.putLong(padded.length()).put(padded.getBytes(StandardCharsets.UTF_8));
        expected.putLong(258).putFloat(3).putFloat(1).putFloat(-2).put((byte) 1);
        assertThat(Files.readAllBytes(file)).isEqualTo(expected.array());
    }

    @Test
    void everyTypeAndShapeSurvives() {
        long seed = Long.getLong("longspan.test.seed", 7);
        System.out.println("seed " + seed);
        Random random = new Random(seed);
        List<OutgoingTensor> tensors = new ArrayList<>();
        List<byte[]> contents = new ArrayList<>();
        for (DType dtype : DType.values()) {
            for (List<Long> shape :
                    List.of(List.<Long>of(), List.of(3L), List.of(2L, 0L), List.of(2L, 3L, 5L))) {
                TensorInfo info =
                        new TensorInfo(dtype + "ğ \"" + shape.size() + shape, dtype, shape);
                byte[] content = new byte[(int) info.bytes()];
                random.nextBytes(content);
                contents.add(content);
                tensors.add(OutgoingTensor.of(info, MemorySegment.ofArray(content)));
            }
        }
        Path file = folder.resolve("t.safetensors");
        SafetensorsWriter.write(file, tensors, Map.of("made by", "a test\nof two lines"));
        try (SafetensorsFile open = SafetensorsFile.open(file)) {
            assertThat(open.names()).hasSize(tensors.size());
            assertThat(open.metadata())
                    .containsExactly(Map.entry("made by", "a test\nof two lines"));
            for (int i = 0; i < tensors.size(); i++) {
                StoredTensor found = open.get(tensors.get(i).info().name());
                assertThat(found.info()).isEqualTo(tensors.get(i).info());
                assertThat(found.data().mismatch(MemorySegment.ofArray(contents.get(i))))
                        .isEqualTo(-1);
                assertThat(found.data().address() % found.info().dtype().bytes()).isZero();
            }
        }
    }

    @Test
    void orderOfTensorsAndMetadataDoesNotMatter() throws IOException {
        List<OutgoingTensor> tensors =
                new ArrayList<>(
                        IntStream.range(0, 50)
                                .mapToObj(i -> OutgoingTensor.of("t" + i, new float[] {i}, 1))
                                .toList());
        Path first = folder.resolve("a.safetensors");
        Path second = folder.resolve("b.safetensors");
        SafetensorsWriter.write(first, tensors, Map.of("x", "1", "y", "2"));
        Collections.reverse(tensors);
        SafetensorsWriter.write(second, tensors, Map.of("y", "2", "x", "1"));
        assertThat(second).hasSameBinaryContentAs(first);
    }

    @Test
    void tensorsOfAnOpenFileAndOfNativeMemoryAreStreamedInPieces() {
        float[] values = new float[3_000_001];
        for (int i = 0; i < values.length; i++) {
            values[i] = i * 0.5f;
        }
        Path first = folder.resolve("a.safetensors");
        Path second = folder.resolve("b.safetensors");
        SafetensorsWriter.write(first, List.of(OutgoingTensor.of("w", values, values.length)));
        try (SafetensorsFile open = SafetensorsFile.open(first);
                Arena arena = Arena.ofConfined()) {
            assertThat(open.get("w").toFloats()).isEqualTo(values);
            MemorySegment half = arena.allocate(4);
            OutgoingTensor inTwo =
                    new OutgoingTensor(
                            TensorInfo.of("two", DType.F32, 2),
                            sink -> {
                                half.set(LittleEndian.FLOAT, 0, 1);
                                sink.accept(half);
                                half.set(LittleEndian.FLOAT, 0, 2);
                                sink.accept(half);
                            });
            SafetensorsWriter.write(
                    second, List.of(OutgoingTensor.copyOf(open.get("w"), "v"), inTwo));
        }
        try (SafetensorsFile open = SafetensorsFile.open(second)) {
            assertThat(open.get("v").toFloats()).isEqualTo(values);
            assertThat(open.get("two").toFloats()).containsExactly(1, 2);
        }
    }

    @Test
    void failureLeavesTheOldFileAndNothingElse() throws IOException {
        Path file = Files.writeString(folder.resolve("t.safetensors"), "old");
        OutgoingTensor good = OutgoingTensor.of("a", new float[1000], 1000);
        OutgoingTensor failing =
                new OutgoingTensor(
                        TensorInfo.of("b", DType.F32, 1),
                        sink -> {
                            throw new IllegalArgumentException("no more");
                        });
        OutgoingTensor small =
                OutgoingTensor.of(
                        TensorInfo.of("c", DType.F32, 2), MemorySegment.ofArray(new byte[4]));
        assertThatThrownBy(() -> SafetensorsWriter.write(file, List.of(good, failing)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("no more");
        assertThatThrownBy(() -> SafetensorsWriter.write(file, List.of(good, small)))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("'c' gave 4 bytes; its shape takes 8");
        assertThatThrownBy(() -> SafetensorsWriter.write(file, List.of(good, good)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("two tensors are named a");
        assertThat(file).hasContent("old");
        assertThat(folder).isDirectoryNotContaining(path -> !path.equals(file));
        SafetensorsWriter.write(file, List.of(good));
        assertThat(Files.size(file)).isGreaterThan(4000);
    }

    @Test
    void missingFolderIsNamed() {
        Path file = folder.resolve("no/such/t.safetensors");
        assertThatThrownBy(() -> SafetensorsWriter.write(file, List.of()))
                .isInstanceOf(ModelInputException.class)
                .hasMessageContaining(file.toString());
    }
}
