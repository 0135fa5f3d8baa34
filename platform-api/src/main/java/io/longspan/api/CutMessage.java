package io.longspan.api;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.WireFormat;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Arrays;

/**
 * Makes a message of one whose end is missing: fields that are whole, and what is there of the
 * last.
 */
final class CutMessage {
    private static final byte[] NONE = {};
    private static final int SINGLE = 4;
    private static final int DOUBLE = 8;

    private CutMessage() {}

    /** A message that can be read. */
    static byte[] mended(byte[] cut, Descriptor type) {
        CodedInputStream in = CodedInputStream.newInstance(cut);
        ByteArrayOutputStream out = new ByteArrayOutputStream(cut.length);
        int whole = 0;
        try {
            for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
                if (WireFormat.getTagWireType(tag) == WireFormat.WIRETYPE_LENGTH_DELIMITED) {
                    int length = in.readRawVarint32();
                    int begin = in.getTotalBytesRead();
                    if (length > cut.length - begin) {
                        out.write(cut, 0, whole);
                        field(out, tag, type, Arrays.copyOfRange(cut, begin, cut.length));
                        return out.toByteArray();
                    }
                    in.skipRawBytes(length);
                } else if (!in.skipField(tag)) {
                    break;
                }
                whole = in.getTotalBytesRead();
            }
        } catch (IOException endsWithinANumber) {
            return Arrays.copyOf(cut, whole);
        }
        return Arrays.copyOf(cut, whole);
    }

    private static void field(ByteArrayOutputStream out, int tag, Descriptor type, byte[] part)
            throws IOException {
        FieldDescriptor field = type.findFieldByNumber(WireFormat.getTagFieldNumber(tag));
        if (field == null) {
            return;
        }
        byte[] value =
                switch (field.getType()) {
                    case MESSAGE -> mended(part, field.getMessageType());
                    case STRING -> Arrays.copyOf(part, characters(part));
                    case BYTES -> part;
                    case FLOAT, FIXED32, SFIXED32 -> floor(part, SINGLE);
                    case DOUBLE, FIXED64, SFIXED64 -> floor(part, DOUBLE);
                    case INT32, INT64, UINT32, UINT64, SINT32, SINT64, BOOL, ENUM -> numbers(part);
                    case GROUP -> NONE;
                };
        CodedOutputStream fields = CodedOutputStream.newInstance(out);
        fields.writeUInt32NoTag(tag);
        fields.writeByteArrayNoTag(value);
        fields.flush();
    }

    private static byte[] floor(byte[] part, int size) {
        return Arrays.copyOf(part, part.length / size * size);
    }

    /** Numbers of variable length: the last byte of each has no mark. */
    private static byte[] numbers(byte[] part) {
        int end = part.length;
        while (end > 0 && part[end - 1] < 0) {
            end--;
        }
        return Arrays.copyOf(part, end);
    }

    /** Bytes of whole characters of UTF-8. */
    private static int characters(byte[] part) {
        int last = part.length - 1;
        while (last > 0 && (part[last] & 0xc0) == 0x80) {
            last--;
        }
        if (last < 0 || part[last] >= 0) {
            return part.length;
        }
        int length = Integer.numberOfLeadingZeros(~(part[last] << 24));
        return part.length - last >= length ? part.length : last;
    }
}
