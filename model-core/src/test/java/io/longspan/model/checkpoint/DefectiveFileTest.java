package io.longspan.model.checkpoint;

import static io.longspan.model.checkpoint.SafetensorsFileTest.header;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.longspan.model.ModelInputException;
import java.io.IOException;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

final class DefectiveFileTest {
    private static final Path VALID =
            Path.of("src/test/resources/fixtures/roberta-source/model.safetensors");

    @TempDir private Path folder;

    @ParameterizedTest(name = "{2}")
    @MethodSource
    void defectOfTheHeaderIsNamed(String header, int valueBytes, String message)
            throws IOException {
        assertRefused(RawFile.bytes(header, valueBytes), message);
    }

    static Stream<Arguments> defectOfTheHeaderIsNamed() {
        String entry = "{\"dtype\":\"U8\",\"shape\":[4],\"data_offsets\":[0,4]}";
        return Stream.of(
                Arguments.of("{\"w\":" + entry, 4, "not valid JSON"),
                Arguments.of("{\"w\":" + entry + "} x", 4, "not valid JSON"),
                Arguments.of("{\"w\":" + entry + "}{}", 4, "goes on after its closing brace"),
                Arguments.of("[]", 0, "does not begin with a brace"),
                Arguments.of("{\"w\":" + entry + ",\"w\":" + entry + "}", 4, "not valid JSON"),
                Arguments.of("{\"w\":7}", 0, "'w' in the header is not an object"),
                Arguments.of("{\"__metadata__\":{\"n\":1}}", 0, "is not an object of texts"),
                Arguments.of(
                        "{\"w\":{\"dtype\":\"U8\",\"shape\":[4]}}", 4, "described incompletely"),
                Arguments.of(
                        "{\"w\":{\"dtype\":\"U8\",\"shape\":[1],\"data_offsets\":[0]}}",
                        1,
                        "described incompletely"),
                Arguments.of(header("F4", "[4]", 0, 4), 4, "has dtype 'F4'; known are"),
                Arguments.of(header("U8", "[-4]", 0, 4), 4, "sizes must be 0 or more"),
                Arguments.of(header("U8", "[0,-4]", 0, 0), 0, "sizes must be 0 or more"),
                Arguments.of(header("U8", "[2.0]", 0, 2), 2, "shape of tensor 'w'"),
                Arguments.of(header("U8", "4", 0, 4), 4, "shape of tensor 'w'"),
                Arguments.of(header("U8", "[99999999999999999999]", 0, 4), 4, "is not valid JSON"),
                Arguments.of(header("F64", "[4294967296,4294967296]", 0, 4), 4, "more than 2^63"),
                Arguments.of(header("F64", "[2305843009213693952]", 0, 4), 4, "more than 2^63"),
                Arguments.of(header("U8", "[4]", 4, 0), 4, "must not run backwards"),
                Arguments.of(header("U8", "[4]", -4, 0), 4, "must not run backwards"),
                Arguments.of(header("U8", "[4]", 0, 4), 3, "it is cut off"),
                Arguments.of(
                        header("U8", "[4]", 0, Long.MAX_VALUE), 4, "to 9223372036854775807 and"),
                Arguments.of(header("F32", "[4]", 0, 4), 4, "4 bytes; F32 of shape [4] takes 16"),
                Arguments.of(header("U8", "[4]", 0, 4), 5, "nothing may follow"),
                Arguments.of(header("U8", "[4]", 1, 5), 5, "leaves a hole after byte 0"),
                Arguments.of(
                        "{\"a\":"
                                + entry
                                + ",\"b\":{\"dtype\":\"U8\",\"shape\":[4],\"data_offsets\":[2,6]}}",
                        6,
                        "must not overlap"),
                Arguments.of("{\"w\":" + "[".repeat(5000) + "}", 0, "'w' in the header"),
                Arguments.of("{\"w\":{\"x\":" + "[".repeat(100_000) + "}}", 0, "not valid JSON"));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 7})
    void fileWithoutALengthIsRefused(int size) throws IOException {
        assertRefused(new byte[size], "the file has " + size + " bytes");
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 1, 3, 100_000_001, Long.MAX_VALUE, -1})
    void impossibleHeaderLengthIsRefused(long length) throws IOException {
        byte[] bytes = RawFile.bytes("{}", 0);
        ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).putLong(0, length);
        assertRefused(bytes, "the header's length is " + Long.toUnsignedString(length));
    }

    @Test
    void headerLengthBeyondTheLimitIsRefusedInALargeFile() throws IOException {
        Path file = folder.resolve("sparse.safetensors");
        try (var channel =
                FileChannel.open(
                        file,
                        StandardOpenOption.CREATE_NEW,
                        StandardOpenOption.WRITE,
                        StandardOpenOption.SPARSE)) {
            channel.write(
                    ByteBuffer.allocate(8)
                            .order(ByteOrder.LITTLE_ENDIAN)
                            .putLong(200_000_000)
                            .flip());
            channel.write(ByteBuffer.allocate(1), 300_000_000);
        }
        assertThatThrownBy(() -> SafetensorsFile.open(file))
                .isInstanceOf(ModelInputException.class)
                .hasMessageContaining("2 to 100000000 are possible");
    }

    @Test
    void missingFileAndFolderAreNamed() {
        assertThatThrownBy(() -> SafetensorsFile.open(folder.resolve("no")))
                .isInstanceOf(ModelInputException.class)
                .hasMessageContaining("does not exist");
        assertThatThrownBy(() -> SafetensorsFile.open(folder))
                .isInstanceOf(ModelInputException.class)
                .hasMessageContaining("is not a file");
    }

    @Test
    void flippedBytesNeverEndInAnythingButARefusalOrACorrectRead() throws IOException {
        long seed = Long.getLong("longspan.test.seed", 20_261_123);
        System.out.println("seed " + seed);
        Random random = new Random(seed);
        byte[] valid = Files.readAllBytes(VALID);
        int headerEnd = 8 + (int) ByteBuffer.wrap(valid).order(ByteOrder.LITTLE_ENDIAN).getLong();
        int refused = 0;
        for (int round = 0; round < 1500; round++) {
            byte[] broken = valid.clone();
            int flips = 1 + random.nextInt(3);
            for (int i = 0; i < flips; i++) {
                // Half of them into the length and the header, where they do harm.
                int bound = random.nextBoolean() ? headerEnd : broken.length;
                broken[random.nextInt(bound)] ^= (byte) (1 << random.nextInt(8));
            }
            refused += readsOrRefuses(broken) ? 0 : 1;
        }
        assertThat(refused).isBetween(300, 1499);
    }

    @Test
    void truncatedFilesAreAlwaysRefused() throws IOException {
        long seed = Long.getLong("longspan.test.seed", 20_261_123);
        System.out.println("seed " + seed);
        Random random = new Random(seed);
        byte[] valid = Files.readAllBytes(VALID);
        for (int round = 0; round < 300; round++) {
            int length = round < 20 ? round : random.nextInt(valid.length);
            assertThat(readsOrRefuses(Arrays.copyOf(valid, length))).isFalse();
        }
        assertThat(readsOrRefuses(Arrays.copyOf(valid, valid.length + 1))).isFalse();
        assertThat(readsOrRefuses(valid)).isTrue();
    }

    /** True when all tensors could be read with the sizes that they claim. */
    private boolean readsOrRefuses(byte[] bytes) throws IOException {
        Path file = Files.write(folder.resolve("broken.safetensors"), bytes);
        try (SafetensorsFile open = SafetensorsFile.open(file)) {
            long read = 0;
            for (String name : open.names()) {
                StoredTensor tensor = open.get(name);
                assertThat(tensor.data().byteSize()).isEqualTo(tensor.info().bytes());
                read += tensor.data().toArray(ValueLayout.JAVA_BYTE).length;
            }
            ByteBuffer header = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
            assertThat(read).isEqualTo(bytes.length - 8 - header.getLong());
            return true;
        } catch (ModelInputException e) {
            assertThat(e).hasMessageContaining(file.toString());
            assertThat(e.getMessage()).doesNotContain("\n").hasSizeLessThan(1000);
            return false;
        }
    }

    private void assertRefused(byte[] bytes, String message) throws IOException {
        Path file = Files.write(folder.resolve("bad.safetensors"), bytes);
        assertThatThrownBy(() -> SafetensorsFile.open(file))
                .isInstanceOf(ModelInputException.class)
                .hasMessageContaining(file.toString())
                .hasMessageContaining(message);
    }
}
