package io.longspan.model.checkpoint;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/** Puts PyTorch files together byte by byte, right or wrong. */
final class TorchBytes {
    private final ByteArrayOutputStream pickle = new ByteArrayOutputStream();

    /** Instructions of a pickle: each char one byte. */
    TorchBytes code(String bytes) {
        pickle.writeBytes(bytes.getBytes(StandardCharsets.ISO_8859_1));
        return this;
    }

    TorchBytes code(String bytes, int times) {
        for (int i = 0; i < times; i++) {
            code(bytes);
        }
        return this;
    }

    TorchBytes text(String value) {
        byte[] bytes = value.getBytes(StandardCharsets.UTF_8);
        pickle.write('X');
        pickle.writeBytes(
                ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN).putInt(bytes.length).array());
        pickle.writeBytes(bytes);
        return this;
    }

    byte[] pickle() {
        return pickle.toByteArray();
    }

    Path write(Path file) {
        return write(file, pickle());
    }

    static Path write(Path file, byte[] pickle) {
        try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(file))) {
            put(zip, "archive/data.pkl", pickle);
            put(zip, "archive/data/0", new byte[16]);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return file;
    }

    private static void put(ZipOutputStream zip, String name, byte[] bytes) throws IOException {
        CRC32 crc = new CRC32();
        crc.update(bytes);
        ZipEntry entry = new ZipEntry(name);
        entry.setMethod(ZipEntry.STORED);
        entry.setSize(bytes.length);
        entry.setCrc(crc.getValue());
        zip.putNextEntry(entry);
        zip.write(bytes);
        zip.closeEntry();
    }
}
