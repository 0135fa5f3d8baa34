package io.longspan.training.optim;

import io.longspan.model.ModelInputException;
import io.longspan.model.checkpoint.DType;
import io.longspan.model.checkpoint.OutgoingTensor;
import io.longspan.model.checkpoint.SafetensorsFile;
import io.longspan.model.checkpoint.SafetensorsWriter;
import io.longspan.model.checkpoint.TensorInfo;
import io.longspan.model.gradient.Parameter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** An optimiser's moments on disk: three tensors per weight that has some. */
public final class MomentFile {
    private static final String FILE = "optimizer.safetensors";
    private static final String FIRST = ".first_moment";
    private static final String SECOND = ".second_moment";
    private static final String STEPS = ".steps";

    private MomentFile() {}

    /** The file of an optimiser that has not made a step. */
    public static void writeNone(Path folder) {
        SafetensorsWriter.write(folder.resolve(FILE), List.of());
    }

    public static void write(AdamW optimiser, List<Parameter> parameters, Path folder) {
        List<OutgoingTensor> tensors = new ArrayList<>();
        for (Parameter parameter : parameters) {
            AdamW.Moments moments = optimiser.moments().get(parameter.name());
            if (moments != null) {
                String name = parameter.name();
                List<Long> shape = parameter.shape();
                tensors.add(
                        OutgoingTensor.of(
                                new TensorInfo(name + FIRST, DType.F32, shape), moments.first()));
                tensors.add(
                        OutgoingTensor.of(
                                new TensorInfo(name + SECOND, DType.F32, shape), moments.second()));
                tensors.add(OutgoingTensor.of(name + STEPS, new long[] {moments.steps().get()}, 1));
            }
        }
        SafetensorsWriter.write(folder.resolve(FILE), tensors);
    }

    /**
     * Puts back what was written.
     *
     * @throws ModelInputException when the file is missing or does not fit the weights
     */
    public static void read(AdamW optimiser, List<Parameter> parameters, Path folder) {
        try (SafetensorsFile file = SafetensorsFile.open(folder.resolve(FILE))) {
            for (Parameter parameter : parameters) {
                String name = parameter.name();
                if (!file.names().contains(name + STEPS)) {
                    continue;
                }
                for (String moment : List.of(name + FIRST, name + SECOND)) {
                    if (!file.info(moment).shape().equals(parameter.shape())) {
                        throw new ModelInputException(
                                "'"
                                        + file.path()
                                        + "' holds '"
                                        + moment
                                        + "' of shape "
                                        + file.info(moment).shape()
                                        + " for a weight of shape "
                                        + parameter.shape()
                                        + "; it belongs to another model, so remove this checkpoint");
                    }
                }
                AdamW.Moments moments = optimiser.remember(parameter);
                file.get(name + FIRST).copyFloats(moments.first());
                file.get(name + SECOND).copyFloats(moments.second());
                moments.steps().set(file.get(name + STEPS).toLongs()[0]);
            }
        }
    }
}
