package io.longspan.model.convert;

import io.longspan.model.checkpoint.HuggingFaceNames;
import io.longspan.model.checkpoint.ModelTensors;
import io.longspan.model.checkpoint.OutgoingTensor;
import io.longspan.model.checkpoint.StoredTensor;
import io.longspan.model.checkpoint.Task;
import io.longspan.model.checkpoint.TensorNames;
import io.longspan.model.config.LongformerConfig;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * The tensors of a new checkpoint, each taken from the source when its turn to be written comes.
 */
final class ConvertedTensors {
    private static final String POSITIONS = "embeddings.position_embeddings.weight";

    private final LongformerConfig source;
    private final LongformerConfig target;
    private final TensorNames names;
    private final List<OutgoingTensor> tensors = new ArrayList<>();
    private final List<String> leftOut = new ArrayList<>();
    private final PositionTable positions;

    ConvertedTensors(LongformerConfig source, LongformerConfig target, TensorNames names) {
        this.source = source;
        this.target = target;
        this.names = names;
        positions =
                PositionTable.tile(
                        names.get(POSITIONS),
                        source.firstPosition(),
                        target.firstPosition(),
                        target.usablePositions());
        for (String name : names.canonical()) {
            if (isDropped(name)) {
                leftOut.add(names.fileName(name));
            } else if (name.equals(POSITIONS)) {
                tensors.add(positions.tensor(fileName(name)));
            } else {
                add(names.get(name), name);
            }
        }
        leftOut.addAll(names.unused());
        leftOut.sort(null);
        if (copiesProjections()) {
            for (int layer = 0; layer < target.layers(); layer++) {
                GlobalProjections.of(layer)
                        .forEach(pair -> add(names.get(pair.local()), pair.global()));
            }
        }
    }

    List<OutgoingTensor> tensors() {
        return tensors;
    }

    List<String> leftOut() {
        return leftOut;
    }

    List<PositionRows> positionRows() {
        return positions.rows();
    }

    /** Tensors of global projections that come from local ones. */
    int copiedProjections() {
        return copiesProjections() ? target.layers() * GlobalProjections.of(0).size() : 0;
    }

    long sourceParameters() {
        Stream<String> all =
                names.canonical().stream()
                        .filter(name ->
                                !name.equals(ModelTensors.DECODER) || name.equals(names.decoder()));
        return all.mapToLong(name -> names.get(name).info().elements()).sum();
    }

    long parameters() {
        return tensors.stream().mapToLong(tensor -> tensor.info().elements()).sum();
    }

    private boolean copiesProjections() {
        return !source.hasGlobalAttention();
    }

    /**
     * A pooler that the head does not read, which transformers would report as unexpected; a
     * decoder that is the word table.
     */
    private boolean isDropped(String name) {
        boolean pooled = names.task() == Task.ENCODER || names.task() == Task.MULTIPLE_CHOICE;
        return (name.startsWith("pooler.") && !pooled)
                || (name.equals(ModelTensors.DECODER) && !name.equals(names.decoder()));
    }

    private void add(StoredTensor tensor, String canonical) {
        tensors.add(OutgoingTensor.copyOf(tensor, fileName(canonical)));
    }

    private String fileName(String canonical) {
        return HuggingFaceNames.fileName(target.modelType(), names.task(), canonical);
    }
}
