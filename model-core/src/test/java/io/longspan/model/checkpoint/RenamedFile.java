package io.longspan.model.checkpoint;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;

/** A safetensors file again, under other names and with more tensors. */
final class RenamedFile {
    private RenamedFile() {}

    /** Writes the file and opens it; the caller closes it. */
    static SafetensorsFile open(
            Path original, Path file, UnaryOperator<String> rename, OutgoingTensor... more) {
        try (SafetensorsFile source = SafetensorsFile.open(original)) {
            List<OutgoingTensor> tensors = new ArrayList<>(List.of(more));
            for (String name : source.names()) {
                tensors.add(OutgoingTensor.copyOf(source.get(name), rename.apply(name)));
            }
            SafetensorsWriter.write(file, tensors);
        }
        return SafetensorsFile.open(file);
    }
}
