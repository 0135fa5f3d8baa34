package io.longspan.model.checkpoint;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** Puts safetensors files together byte by byte, right or wrong, without the writer under test. */
final class RawFile {
    private RawFile() {}

    static byte[] bytes(String header, int valueBytes) {
        byte[] json = header.getBytes(StandardCharsets.UTF_8);
        return ByteBuffer.allocate(8 + json.length + valueBytes)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(json.length)
                .put(json)
                .array();
    }

    static Path write(Path folder, String header, byte... values) throws IOException {
        byte[] all = bytes(header, values.length);
        System.arraycopy(values, 0, all, all.length - values.length, values.length);
        return Files.write(folder.resolve("t.safetensors"), all);
    }
}
