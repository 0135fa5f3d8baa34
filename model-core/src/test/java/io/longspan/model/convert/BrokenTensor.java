package io.longspan.model.convert;

import io.longspan.model.checkpoint.CheckpointFiles;
import io.longspan.model.checkpoint.OutgoingTensor;
import io.longspan.model.checkpoint.SafetensorsWriter;
import io.longspan.model.checkpoint.StoredTensor;
import io.longspan.model.checkpoint.TensorSource;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Spoils one tensor of a checkpoint. */
final class BrokenTensor {
    private BrokenTensor() {}

    static void negate(Path folder, String spoiled) {
        List<OutgoingTensor> tensors = new ArrayList<>();
        try (TensorSource source = CheckpointFiles.tensors(folder)) {
            for (String name : source.names()) {
                StoredTensor tensor = source.get(name);
                float[] values = tensor.toFloats();
                if (name.equals(spoiled)) {
                    for (int i = 0; i < values.length; i++) {
                        values[i] = -values[i];
                    }
                }
                long[] shape = tensor.info().shape().stream().mapToLong(Long::longValue).toArray();
                tensors.add(OutgoingTensor.of(name, values, shape));
            }
        }
        SafetensorsWriter.write(folder.resolve(CheckpointFiles.WEIGHTS), tensors);
    }
}
