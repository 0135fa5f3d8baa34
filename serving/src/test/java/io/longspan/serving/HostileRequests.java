package io.longspan.serving;

import com.google.protobuf.ByteString;
import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor.JavaType;
import com.google.protobuf.Descriptors.MethodDescriptor;
import com.google.protobuf.Descriptors.ServiceDescriptor;
import com.google.protobuf.DynamicMessage;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.WireFormat;
import io.grpc.Metadata;
import io.grpc.Status;
import io.longspan.api.RequestPriority;
import io.longspan.api.v1.BackendsOuterClass;
import io.longspan.api.v1.InferenceOuterClass;
import io.longspan.api.v1.InferencesOuterClass;
import io.longspan.api.v1.ModelsOuterClass;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Random;
import java.util.Set;

/**
 * Requests that no client of good will sends, and what they must get. Not thread-safe; a seed gives
 * the same ones again.
 */
final class HostileRequests {
    private static final Metadata.Key<String> KEY =
            Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER);

    /** What a request gets that can be read: never UNKNOWN, INTERNAL or UNAVAILABLE. */
    private static final Set<Status.Code> SENSE =
            EnumSet.of(
                    Status.Code.OK,
                    Status.Code.INVALID_ARGUMENT,
                    Status.Code.NOT_FOUND,
                    Status.Code.ALREADY_EXISTS,
                    Status.Code.FAILED_PRECONDITION,
                    Status.Code.RESOURCE_EXHAUSTED);

    /** Longer metadata never reach the server's own code. */
    private static final int LONGEST_HEADER = 4000;

    private static final int[] NUMBERS = {
        -1, Integer.MIN_VALUE, Integer.MAX_VALUE, 0, 1, 2, 7, 1 << 20, -(1 << 30)
    };

    private static final String[] TEXTS = {
        "",
        "\0",
        "a text",
        "<mask>",
        "<s></s><pad>",
        "\uFFFF\u202E\u0301",
        "\uD83D\uDE00",
        "../../etc/passwd",
        "/",
        "tiny",
        "nobody",
        "'; drop table inference; --",
        "%s%n{}"
    };

    private final Random random;
    private final List<MethodDescriptor> methods = new ArrayList<>();

    /**
     * A request.
     *
     * @param method full name
     * @param message bytes of it
     * @param headers beside it
     * @param expected statuses of which it gets one
     */
    record Request(
            String method, ByteString message, Metadata headers, Set<Status.Code> expected) {}

    HostileRequests(long seed) {
        random = new Random(seed);
        for (ServiceDescriptor service :
                List.of(
                        InferenceOuterClass.getDescriptor().getServices().getFirst(),
                        InferencesOuterClass.getDescriptor().getServices().getFirst(),
                        BackendsOuterClass.getDescriptor().getServices().getFirst(),
                        ModelsOuterClass.getDescriptor().getServices().getFirst())) {
            for (MethodDescriptor method : service.getMethods()) {
                // A server without its model would answer the rest with NOT_FOUND only.
                if (!method.isClientStreaming()
                        && !method.isServerStreaming()
                        && !method.getName().equals("Unload")) {
                    methods.add(method);
                }
            }
        }
    }

    Request next() {
        MethodDescriptor method = methods.get(random.nextInt(methods.size()));
        String name = method.getService().getFullName() + "/" + method.getName();
        Metadata headers = new Metadata();
        byte[] message = message(method.getInputType(), 0);
        switch (random.nextInt(10)) {
            case 0 -> message = bytes(random.nextInt(64));
            case 1 -> message = cut(message);
            case 2 -> message = changed(message);
            case 3 -> {
                String wrong = random.nextBoolean() ? "Bearer ls_" + text() : text();
                String legal = wrong.replaceAll("[^ -~]", "?");
                headers.put(KEY, legal.substring(0, Math.min(legal.length(), LONGEST_HEADER)));
                return new Request(
                        name,
                        ByteString.copyFrom(message),
                        headers,
                        Set.of(Status.Code.UNAUTHENTICATED));
            }
            case 4 -> {
                return new Request(
                        "longspan.v1.Inference/" + random.nextInt(1000),
                        ByteString.copyFrom(message),
                        headers,
                        Set.of(Status.Code.UNIMPLEMENTED));
            }
            case 5 -> {
                if (name.startsWith("longspan.v1.Inference/")) {
                    headers.put(RequestPriority.HEADER, "-" + random.nextInt(100));
                }
            }
            default -> {
                // The message is bad enough.
            }
        }
        Set<Status.Code> expected =
                headers.keys().isEmpty() && isOf(method.getInputType(), message)
                        ? SENSE
                        : Set.of(Status.Code.INVALID_ARGUMENT);
        return new Request(name, ByteString.copyFrom(message), headers, expected);
    }

    private static boolean isOf(Descriptor type, byte[] message) {
        try {
            return DynamicMessage.parseFrom(type, message).getDescriptorForType() == type;
        } catch (InvalidProtocolBufferException e) {
            return false;
        }
    }

    /** Fields as the type has them, with values that it should not have. */
    private byte[] message(Descriptor type, int depth) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        CodedOutputStream out = CodedOutputStream.newInstance(bytes);
        try {
            for (FieldDescriptor field : type.getFields()) {
                int times = random.nextInt(4) == 0 ? 0 : 1;
                if (field.isRepeated() && times > 0) {
                    times = random.nextInt(8) == 0 ? 1 << random.nextInt(11) : random.nextInt(4);
                }
                for (int i = 0; i < (depth > 2 ? 0 : times); i++) {
                    write(out, field, depth, times);
                }
            }
            out.flush();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    private void write(CodedOutputStream out, FieldDescriptor field, int depth, int times)
            throws IOException {
        int number = field.getNumber();
        if (random.nextInt(40) == 0) {
            // Of another type than the field's.
            out.writeFixed64(number, random.nextLong());
            return;
        }
        JavaType type = field.getJavaType();
        switch (type) {
            case MESSAGE ->
                    out.writeByteArray(
                            number,
                            message(field.getMessageType(), times > 4 ? depth + 2 : depth + 1));
            case STRING -> {
                byte[] text = text().getBytes(StandardCharsets.UTF_8);
                out.writeByteArray(number, random.nextInt(12) == 0 ? bytes(5) : text);
            }
            case BYTE_STRING -> out.writeBytes(number, ByteString.copyFrom(bytes(9)));
            case FLOAT -> out.writeFloat(number, Float.NaN);
            case DOUBLE -> out.writeDouble(number, Double.NEGATIVE_INFINITY);
            case INT, LONG, ENUM, BOOLEAN -> {
                out.writeTag(number, WireFormat.WIRETYPE_VARINT);
                out.writeInt64NoTag(NUMBERS[random.nextInt(NUMBERS.length)]);
            }
        }
    }

    private String text() {
        String one = TEXTS[random.nextInt(TEXTS.length)];
        return switch (random.nextInt(12)) {
            case 0 -> one.repeat(1 << random.nextInt(12));
            case 1 -> one + TEXTS[random.nextInt(TEXTS.length)];
            default -> one;
        };
    }

    private byte[] bytes(int count) {
        byte[] bytes = new byte[count];
        random.nextBytes(bytes);
        return bytes;
    }

    private byte[] cut(byte[] message) {
        return Arrays.copyOf(message, random.nextInt(message.length + 1));
    }

    private byte[] changed(byte[] message) {
        byte[] other = message.clone();
        for (int i = 0; i < Math.min(3, other.length); i++) {
            other[random.nextInt(other.length)] = (byte) random.nextInt();
        }
        return other;
    }
}
