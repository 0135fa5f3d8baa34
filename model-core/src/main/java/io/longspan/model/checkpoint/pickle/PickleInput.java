package io.longspan.model.checkpoint.pickle;

import io.longspan.model.ModelInputException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/** Reads the parts of instructions; a length is held against what is left before it is used. */
final class PickleInput {
    private static final int LONGEST_LINE = 1024;

    private final ByteBuffer bytes;

    PickleInput(byte[] pickle) {
        bytes = ByteBuffer.wrap(pickle).order(ByteOrder.LITTLE_ENDIAN);
    }

    int position() {
        return bytes.position();
    }

    int unsignedByte() {
        need(1);
        return bytes.get() & 0xFF;
    }

    int unsignedShort() {
        need(Short.BYTES);
        return bytes.getShort() & 0xFFFF;
    }

    int signedInt() {
        need(Integer.BYTES);
        return bytes.getInt();
    }

    long unsignedInt() {
        return signedInt() & 0xFFFF_FFFFL;
    }

    long signedLong() {
        need(Long.BYTES);
        return bytes.getLong();
    }

    double bigEndianDouble() {
        return Double.longBitsToDouble(Long.reverseBytes(signedLong()));
    }

    /** A whole number of 0 to 8 bytes, two's complement. */
    long shortLong() {
        int length = unsignedByte();
        if (length > Long.BYTES) {
            throw new ModelInputException(
                    "the file holds a number of "
                            + length
                            + " bytes; sizes of tensors take at most 8, so get it again");
        }
        need(length);
        long value = 0;
        for (int i = 0; i < length; i++) {
            value |= (bytes.get() & 0xFFL) << (8 * i);
        }
        int unused = Long.SIZE - 8 * length;
        return length == 0 ? 0 : value << unused >> unused;
    }

    String text(long length) {
        need(length);
        ByteBuffer part = bytes.slice(bytes.position(), (int) length);
        bytes.position(bytes.position() + (int) length);
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(part).toString();
        } catch (CharacterCodingException e) {
            throw new ModelInputException(
                    "the file holds a text that is not UTF-8; get it again", e);
        }
    }

    String line() {
        int from = bytes.position();
        for (int at = from; at < bytes.limit() && at - from < LONGEST_LINE; at++) {
            if (bytes.get(at) == '\n') {
                String line = text((long) at - from);
                bytes.get();
                return line;
            }
        }
        throw new ModelInputException(
                "the file holds a name that does not end; it is cut off or damaged, so get it again");
    }

    private void need(long length) {
        if (length < 0 || length > bytes.remaining()) {
            throw new ModelInputException(
                    "the file's list of tensors ends in the middle of a value at byte "
                            + bytes.position()
                            + "; it is cut off or damaged, so get it again");
        }
    }
}
