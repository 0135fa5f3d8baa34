package io.longspan.model.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.longspan.model.ModelInputException;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class SafetensorsFileTest {
    @TempDir private Path folder;

    @Test
    void fileOfTheReferenceImplementationIsReadValueByValue() throws IOException {
        Path file = Path.of("src/test/resources/fixtures/masked-lm/model.safetensors");
        ByteBuffer raw = ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN);
        int values = 8 + (int) raw.getLong(0);
        String header = new String(raw.array(), 8, values - 8, StandardCharsets.UTF_8);
        try (SafetensorsFile open = SafetensorsFile.open(file)) {
            assertThat(open.names()).hasSize(5 + 5 + 3 * 22);
            for (String name : open.names()) {
                int entry = header.indexOf("\"" + name + "\":");
                int offsets = header.indexOf("\"data_offsets\":[", entry) + 16;
                int begin =
                        values
                                + Integer.parseInt(
                                        header, offsets, header.indexOf(',', offsets), 10);
                float[] found = open.get(name).toFloats();
                assertThat(found).isNotEmpty();
                for (int i = 0; i < found.length; i++) {
                    assertThat(found[i]).isEqualTo(raw.getFloat(begin + 4 * i));
                }
            }
            assertThat(open.info("lm_head.dense.weight").shape()).containsExactly(48L, 48L);
        }
    }

    @Test
    void wholeNumbersOfTheReferenceImplementationAreRead() {
        Path file = Path.of("src/test/resources/fixtures/masked-lm/inputs.safetensors");
        try (SafetensorsFile open = SafetensorsFile.open(file)) {
            StoredTensor ids = open.get("input_ids");
            assertThat(ids.info().dtype()).isEqualTo(DType.I64);
            long[] values = ids.toLongs();
            assertThat(values).hasSize((int) ids.info().elements());
            assertThat(values[0]).isZero();
            assertThat(Arrays.stream(values)).allMatch(id -> id >= 0 && id < 503);
            assertThatThrownBy(ids::toFloats)
                    .isInstanceOf(ModelInputException.class)
                    .hasMessageContaining("'input_ids' holds I64");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "F16, 00 3c, 1.0",
        "F16, 00 c0, -2.0",
        "F16, ff 7b, 65504.0",
        "F16, 01 00, 5.9604645E-8",
        "F16, 00 7c, Infinity",
        "F16, 00 7e, NaN",
        "BF16, 80 3f, 1.0",
        "BF16, 49 c0, -3.140625",
        "BF16, 80 7f, Infinity",
        "F32, db 0f 49 40, 3.1415927",
        "F64, 18 2d 44 54 fb 21 09 40, 3.1415927",
        "F64, 00 00 00 00 00 00 f0 7f, Infinity",
    })
    void realTypesAreReadAsFloats(DType dtype, String hex, float expected) throws IOException {
        // One byte before it, so that no value is aligned.
        byte[] value = HexFormat.ofDelimiter(" ").parseHex(hex);
        byte[] values = ByteBuffer.allocate(1 + value.length).put((byte) 7).put(value).array();
        String header =
                "{\"a\":{\"dtype\":\"U8\",\"shape\":[1],\"data_offsets\":[0,1]},\"b\":{\"dtype\":\""
                        + dtype
                        + "\",\"shape\":[],\"data_offsets\":[1,"
                        + values.length
                        + "]}}";
        try (SafetensorsFile open = SafetensorsFile.open(RawFile.write(folder, header, values))) {
            assertThat(open.get("a").toLongs()).containsExactly(7);
            assertThat(open.get("b").toFloats()).containsExactly(expected);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "I8, ff, -1",
        "U8, ff, 255",
        "BOOL, 01, 1",
        "I16, fe ff, -2",
        "U16, fe ff, 65534",
        "I32, 00 00 00 80, -2147483648",
        "U32, 00 00 00 80, 2147483648",
        "I64, ff ff ff ff ff ff ff 7f, 9223372036854775807",
    })
    void wholeTypesAreReadAsLongs(DType dtype, String hex, long expected) throws IOException {
        byte[] value = HexFormat.ofDelimiter(" ").parseHex(hex);
        String header = header(dtype.name(), "[1,1]", 0, value.length);
        try (SafetensorsFile open = SafetensorsFile.open(RawFile.write(folder, header, value))) {
            assertThat(open.get("w").toLongs()).containsExactly(expected);
        }
    }

    @Test
    void realTensorIsNotReadAsWholeNumbers() throws IOException {
        Path file = RawFile.write(folder, header("F32", "[1]", 0, 4), new byte[4]);
        try (SafetensorsFile open = SafetensorsFile.open(file)) {
            assertThatThrownBy(() -> open.get("w").toLongs())
                    .isInstanceOf(ModelInputException.class)
                    .hasMessageContaining("'w' holds F32; whole numbers were expected");
        }
    }

    @Test
    void emptyTensorsAndMetadataAreFine() throws IOException {
        String header =
                "{\"__metadata__\":{\"format\":\"pt\"},\"e\":{\"dtype\":\"F32\",\"shape\":[3,0],"
                        + "\"data_offsets\":[0,0]}}   ";
        try (SafetensorsFile open = SafetensorsFile.open(RawFile.write(folder, header))) {
            assertThat(open.metadata()).containsOnly(Map.entry("format", "pt"));
            assertThat(open.get("e").toFloats()).isEmpty();
        }
    }

    @Test
    void fileBeyondTwoGibibytesIsReadToItsEnd() throws IOException {
        long count = 600_000_000;
        String header = header("F32", "[" + count + "]", 0, 4 * count);
        Path file = folder.resolve("large.safetensors");
        try (FileChannel channel =
                FileChannel.open(
                        file,
                        StandardOpenOption.CREATE_NEW,
                        StandardOpenOption.WRITE,
                        StandardOpenOption.SPARSE)) {
            channel.write(ByteBuffer.wrap(RawFile.bytes(header, 0)));
            ByteBuffer last = ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN).putFloat(2.5f);
            channel.write(last.flip(), 8 + header.length() + 4 * (count - 1));
        }
        try (SafetensorsFile open = SafetensorsFile.open(file)) {
            MemorySegment data = open.get("w").data();
            assertThat(data.byteSize()).isEqualTo(4 * count);
            assertThat(data.get(LittleEndian.FLOAT, 4 * (count - 1))).isEqualTo(2.5f);
        }
    }

    @Test
    void valuesAreCopiedIntoNativeMemory() throws IOException {
        byte[] values = {0, 0x3c, 0, 0x40};
        Path file = RawFile.write(folder, header("F16", "[2]", 0, 4), values);
        try (SafetensorsFile open = SafetensorsFile.open(file);
                Arena arena = Arena.ofConfined()) {
            MemorySegment target = arena.allocate(8, 4);
            open.get("w").copyFloats(target);
            assertThat(target.toArray(ValueLayout.JAVA_FLOAT)).containsExactly(1f, 2f);
            assertThatThrownBy(() -> open.get("w").copyFloats(arena.allocate(4, 4)))
                    .isInstanceOf(IndexOutOfBoundsException.class);
        }
    }

    @Test
    void closedFileGivesNoValuesAndClosesTwice() throws IOException {
        Path file = RawFile.write(folder, header("U8", "[1]", 0, 1), (byte) 3);
        SafetensorsFile open = SafetensorsFile.open(file);
        StoredTensor tensor = open.get("w");
        open.close();
        open.close();
        assertThatThrownBy(tensor::toLongs).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void unknownTensorIsNamed() throws IOException {
        Path file = RawFile.write(folder, header("U8", "[1]", 0, 1), (byte) 3);
        try (SafetensorsFile open = SafetensorsFile.open(file)) {
            assertThatThrownBy(() -> open.get("x"))
                    .isInstanceOf(ModelInputException.class)
                    .hasMessageContaining(file.toString())
                    .hasMessageContaining("no tensor 'x'");
        }
    }

    static String header(String dtype, String shape, long begin, long end) {
        return "{\"w\":"
                + "{\"dtype\":\""
                + dtype
                + "\",\"shape\":"
                + shape
                + ",\"data_offsets\":["
                + begin
                + ","
                + end
                + "]}}";
    }
}
