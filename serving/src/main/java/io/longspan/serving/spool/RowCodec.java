package io.longspan.serving.spool;

import io.longspan.store.inference.InferenceRow;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.UUID;

/** An inference's row as bytes. The first byte is the layout's version. */
final class RowCodec {
    private static final int VERSION = 1;

    private RowCodec() {}

    static byte[] encode(InferenceRow row) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(512);
        try (DataOutputStream out = new DataOutputStream(bytes)) {
            out.writeByte(VERSION);
            out.writeLong(row.id().getMostSignificantBits());
            out.writeLong(row.id().getLeastSignificantBits());
            Instant at = row.at();
            out.writeLong(at.getEpochSecond());
            out.writeInt(at.getNano());
            out.writeUTF(row.caller());
            out.writeUTF(row.method());
            out.writeUTF(row.model());
            out.writeUTF(row.modelVersion());
            out.writeUTF(row.backend());
            out.writeUTF(row.backendVersion());
            out.writeUTF(row.precision());
            out.writeInt(row.tokens());
            out.writeLong(row.tokenizeNanos());
            out.writeLong(row.queueNanos());
            out.writeLong(row.computeNanos());
            out.writeLong(row.totalNanos());
            out.writeInt(row.batchSize());
            out.writeUTF(row.status());
            out.writeUTF(row.message());
            out.writeUTF(row.payloadDigest());
        } catch (IOException e) {
            throw new UncheckedIOException("a row cannot be written to memory", e);
        }
        return bytes.toByteArray();
    }

    /**
     * The row of some bytes.
     *
     * @throws IOException when they are of another version or end early
     */
    static InferenceRow decode(byte[] bytes) throws IOException {
        try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes))) {
            int version = in.readUnsignedByte();
            if (version != VERSION) {
                throw new IOException(
                        "a spooled row has layout " + version + "; this version reads " + VERSION);
            }
            return new InferenceRow(
                    new UUID(in.readLong(), in.readLong()),
                    Instant.ofEpochSecond(in.readLong(), in.readInt()),
                    in.readUTF(),
                    in.readUTF(),
                    in.readUTF(),
                    in.readUTF(),
                    in.readUTF(),
                    in.readUTF(),
                    in.readUTF(),
                    in.readInt(),
                    in.readLong(),
                    in.readLong(),
                    in.readLong(),
                    in.readLong(),
                    in.readInt(),
                    in.readUTF(),
                    in.readUTF(),
                    in.readUTF());
        }
    }
}
