package io.longspan.api;

import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.MethodDescriptor;
import com.google.protobuf.DynamicMessage;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.util.JsonFormat;
import io.grpc.protobuf.ProtoMethodDescriptorSupplier;
import io.longspan.api.v1.InferenceGrpc;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.StringJoiner;

/**
 * Messages of one direction of a call, as a server keeps them: each behind its length in four
 * bytes, the last perhaps cut.
 *
 * @param json a line each; of one that was cut, what is whole, and the beginning of the text that
 *     was being said
 * @param cut whether something is missing
 */
public record KeptMessages(String json, boolean cut) {
    private static final int LENGTH = 4;

    private static final JsonFormat.Printer PRINTER =
            JsonFormat.printer().omittingInsignificantWhitespace();

    /**
     * What callers of a method sent.
     *
     * @param method in full, such as {@code longspan.v1.Inference/Embed}
     * @param kept the bytes that were kept
     * @param size bytes of all messages without their lengths
     */
    public static KeptMessages request(String method, byte[] kept, long size) {
        return read(method(method).map(MethodDescriptor::getInputType), kept, size);
    }

    /** The same of what they were answered. */
    public static KeptMessages answer(String method, byte[] kept, long size) {
        return read(method(method).map(MethodDescriptor::getOutputType), kept, size);
    }

    private static Optional<MethodDescriptor> method(String name) {
        return InferenceGrpc.getServiceDescriptor().getMethods().stream()
                .filter(method -> method.getFullMethodName().equals(name))
                .map(io.grpc.MethodDescriptor::getSchemaDescriptor)
                .filter(ProtoMethodDescriptorSupplier.class::isInstance)
                .map(schema -> ((ProtoMethodDescriptorSupplier) schema).getMethodDescriptor())
                .findFirst();
    }

    private static KeptMessages read(Optional<Descriptor> type, byte[] kept, long size) {
        StringJoiner lines = new StringJoiner("\n");
        ByteBuffer rest = ByteBuffer.wrap(kept);
        long seen = 0;
        while (rest.remaining() >= LENGTH) {
            int length = rest.getInt();
            byte[] message = new byte[Math.min(length, rest.remaining())];
            rest.get(message);
            seen += message.length;
            lines.add(
                    type.map(known -> json(known, message, message.length < length))
                            .orElse("of a method that this version does not know"));
        }
        return new KeptMessages(lines.toString(), seen < size);
    }

    private static String json(Descriptor type, byte[] message, boolean cut) {
        try {
            byte[] whole = cut ? CutMessage.mended(message, type) : message;
            return PRINTER.print(DynamicMessage.parseFrom(type, whole));
        } catch (InvalidProtocolBufferException e) {
            return "no message of the method's type (" + e.getMessage() + ")";
        }
    }
}
