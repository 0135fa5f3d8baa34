package io.longspan.api;

import com.google.protobuf.Descriptors.EnumDescriptor;
import com.google.protobuf.Descriptors.EnumValueDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Descriptors.FileDescriptor;
import com.google.protobuf.Descriptors.MethodDescriptor;
import com.google.protobuf.Descriptors.ServiceDescriptor;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * What clients rely on in proto files, a line each: number, name, type and multiplicity of every
 * field, number and name of every enum's value, and what every method takes and gives. Names count
 * since they are those of the JSON form.
 */
final class WireContract {
    private WireContract() {}

    /** The lines of some files. */
    static SortedSet<String> of(List<FileDescriptor> files) {
        SortedSet<String> lines = new TreeSet<>();
        for (FileDescriptor file : files) {
            file.getMessageTypes()
                    .forEach(message -> message.getFields().forEach(f -> lines.add(line(f))));
            // Messages and enums inside of messages would be left out.
            file.getMessageTypes().stream()
                    .filter(m -> !m.getNestedTypes().isEmpty() || !m.getEnumTypes().isEmpty())
                    .findFirst()
                    .ifPresent(m -> {
                        throw new IllegalArgumentException(
                                "'"
                                        + m.getFullName()
                                        + "' holds types of its own, which this check does not look into; put them beside it");
                    });
            for (EnumDescriptor type : file.getEnumTypes()) {
                for (EnumValueDescriptor value : type.getValues()) {
                    lines.add(
                            "enum "
                                    + type.getFullName()
                                    + " "
                                    + value.getNumber()
                                    + " "
                                    + value.getName());
                }
            }
            for (ServiceDescriptor service : file.getServices()) {
                service.getMethods().forEach(method -> lines.add(line(method)));
            }
        }
        return lines;
    }

    private static String line(FieldDescriptor field) {
        String type =
                switch (field.getJavaType()) {
                    case MESSAGE -> field.getMessageType().getFullName();
                    case ENUM -> field.getEnumType().getFullName();
                    default -> field.toProto().getType().name();
                };
        String group =
                field.getContainingOneof() == null
                        ? ""
                        : " in " + field.getContainingOneof().getName();
        return "field "
                + field.getContainingType().getFullName()
                + " "
                + field.getNumber()
                + " "
                + field.getName()
                + (field.isRepeated() ? " repeated " : " ")
                + type
                + group;
    }

    private static String line(MethodDescriptor method) {
        return "method "
                + method.getFullName()
                + (method.isClientStreaming() ? " stream " : " ")
                + method.getInputType().getFullName()
                + " ->"
                + (method.isServerStreaming() ? " stream " : " ")
                + method.getOutputType().getFullName();
    }

    /** What the baseline promises and the files no longer hold. */
    static List<String> broken(SortedSet<String> baseline, SortedSet<String> now) {
        List<String> missing = new ArrayList<>(baseline);
        missing.removeAll(now);
        return missing;
    }
}
