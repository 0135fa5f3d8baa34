package io.longspan.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.DescriptorProtos.DescriptorProto;
import com.google.protobuf.DescriptorProtos.FieldDescriptorProto;
import com.google.protobuf.DescriptorProtos.FileDescriptorProto;
import com.google.protobuf.Descriptors.DescriptorValidationException;
import com.google.protobuf.Descriptors.FileDescriptor;
import io.longspan.api.v1.BackendSelection;
import io.longspan.api.v1.CallInfo;
import io.longspan.api.v1.FillMaskRequest;
import io.longspan.api.v1.InferenceRow;
import io.longspan.api.v1.ModelDescription;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Clients that were built against an earlier version of the proto files still understand. */
final class WireContractTest {
    private static final Path PROTO = Path.of("src/main/proto/longspan/v1");
    private static final Path BASELINE = Path.of("src/test/resources/longspan-v1-baseline.txt");

    private static final List<FileDescriptor> FILES =
            List.of(
                    BackendSelection.getDescriptor().getFile(),
                    CallInfo.getDescriptor().getFile(),
                    FillMaskRequest.getDescriptor().getFile(),
                    InferenceRow.getDescriptor().getFile(),
                    ModelDescription.getDescriptor().getFile());

    @Test
    void everyProtoFileIsLookedAt() throws IOException {
        try (Stream<Path> files = Files.list(PROTO)) {
            assertThat(FILES)
                    .extracting(FileDescriptor::getName)
                    .containsExactlyInAnyOrderElementsOf(
                            files.map(file -> "longspan/v1/" + file.getFileName()).toList());
        }
    }

    @Test
    void nothingThatClientsRelyOnWasRemovedRenumberedRenamedOrRetyped() throws IOException {
        assertThat(WireContract.broken(baseline(), WireContract.of(FILES)))
                .as(
                        "lines of '%s' that the proto files no longer hold. Clients that are out there rely on them: put"
                                + " them back, and add what is new under new numbers; what changes its meaning goes into a"
                                + " package longspan.v2",
                        BASELINE)
                .isEmpty();
    }

    @Test
    void whatIsNewStandsInTheBaseline() throws IOException {
        SortedSet<String> missing = WireContract.of(FILES);
        missing.removeAll(baseline());
        assertThat(missing)
                .as(
                        "lines that are new in the proto files. From their release on they must stay, so append them to"
                                + " '%s':%n%s%n",
                        BASELINE, String.join(System.lineSeparator(), missing))
                .isEmpty();
    }

    @Test
    void aFieldThatIsGoneOrHasAnotherNumberTypeNameOrMultiplicityIsFound() {
        SortedSet<String> before = WireContract.of(List.of(changed(field -> {})));
        assertThat(before)
                .containsExactly(
                        "field t.M 1 kept TYPE_STRING", "field t.M 2 looked_at TYPE_INT32");
        List<Consumer<FieldDescriptorProto.Builder>> changes =
                List.of(
                        field -> field.setNumber(3),
                        field -> field.setName("seen"),
                        field -> field.setType(FieldDescriptorProto.Type.TYPE_INT64),
                        field -> field.setLabel(FieldDescriptorProto.Label.LABEL_REPEATED));
        for (Consumer<FieldDescriptorProto.Builder> change : changes) {
            assertThat(WireContract.broken(before, WireContract.of(List.of(changed(change)))))
                    .containsExactly("field t.M 2 looked_at TYPE_INT32");
        }
        SortedSet<String> fewer = new TreeSet<>(before);
        fewer.remove("field t.M 2 looked_at TYPE_INT32");
        assertThat(WireContract.broken(before, fewer)).hasSize(1);
        assertThat(WireContract.broken(fewer, before)).isEmpty();
    }

    private static FileDescriptor changed(Consumer<FieldDescriptorProto.Builder> change) {
        FieldDescriptorProto.Builder second = field("looked_at", 2);
        second.setType(FieldDescriptorProto.Type.TYPE_INT32);
        change.accept(second);
        FileDescriptorProto file =
                FileDescriptorProto.newBuilder()
                        .setName("t.proto")
                        .setPackage("t")
                        .setSyntax("proto3")
                        .addMessageType(
                                DescriptorProto.newBuilder()
                                        .setName("M")
                                        .addField(field("kept", 1))
                                        .addField(second))
                        .build();
        try {
            return FileDescriptor.buildFrom(file, new FileDescriptor[0]);
        } catch (DescriptorValidationException e) {
            throw new IllegalStateException(e);
        }
    }

    private static FieldDescriptorProto.Builder field(String name, int number) {
        return FieldDescriptorProto.newBuilder()
                .setName(name)
                .setNumber(number)
                .setType(FieldDescriptorProto.Type.TYPE_STRING)
                .setLabel(FieldDescriptorProto.Label.LABEL_OPTIONAL);
    }

    private static SortedSet<String> baseline() throws IOException {
        return new TreeSet<>(Files.readAllLines(BASELINE));
    }
}
