package io.longspan.serving.spool;

import io.longspan.store.inference.InferenceEntry;
import io.longspan.store.inference.InferencePayload;
import io.longspan.store.inference.InferenceRow;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;

/**
 * An inference's row as bytes. The first byte is the layout's version: 2, or 1 in what an older
 * process left, which ends before the trace.
 */
final class RowCodec {
    private static final int VERSION = 2;
    private static final int WITHOUT_TRACE = 1;
    private static final int WITHOUT_PAYLOAD = 1;
    private static final int WITH_PAYLOAD = 2;

    private RowCodec() {}

    static byte[] encode(InferenceEntry entry) {
        InferenceRow row = entry.row();
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
            out.writeUTF(row.trace());
            out.writeByte(entry.payload().isPresent() ? WITH_PAYLOAD : WITHOUT_PAYLOAD);
            if (entry.payload().isPresent()) {
                write(out, entry.payload().get());
            }
        } catch (IOException e) {
            throw new UncheckedIOException("a row cannot be written to memory", e);
        }
        return bytes.toByteArray();
    }

    private static void write(DataOutputStream out, InferencePayload payload) throws IOException {
        byte[] request = payload.requestBytes();
        byte[] answer = payload.answerBytes();
        out.writeInt(request.length);
        out.write(request);
        out.writeLong(payload.requestSize());
        out.writeInt(answer.length);
        out.write(answer);
        out.writeLong(payload.answerSize());
        out.writeLong(payload.endsAt().toEpochMilli());
    }

    private static InferencePayload payload(DataInputStream in) throws IOException {
        ByteBuffer request = bytes(in);
        long requestSize = in.readLong();
        ByteBuffer answer = bytes(in);
        return new InferencePayload(
                request, requestSize, answer, in.readLong(), Instant.ofEpochMilli(in.readLong()));
    }

    private static ByteBuffer bytes(DataInputStream in) throws IOException {
        int length = in.readInt();
        if (length < 0 || length > in.available()) {
            throw new IOException("a spooled row says it has " + length + " bytes of a message");
        }
        return ByteBuffer.wrap(in.readNBytes(length));
    }

    /**
     * The row of some bytes.
     *
     * @throws IOException when they are of another version or end early
     */
    static InferenceEntry decode(byte[] bytes) throws IOException {
        try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes))) {
            int version = in.readUnsignedByte();
            if (version != VERSION && version != WITHOUT_TRACE) {
                throw new IOException(
                        "a spooled row has layout "
                                + version
                                + "; this version reads up to "
                                + VERSION);
            }
            InferenceRow row =
                    new InferenceRow(
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
                            in.readUTF(),
                            version == WITHOUT_TRACE ? "" : in.readUTF());
            boolean kept = version != WITHOUT_TRACE && in.readByte() == WITH_PAYLOAD;
            return new InferenceEntry(row, kept ? Optional.of(payload(in)) : Optional.empty());
        }
    }
}
