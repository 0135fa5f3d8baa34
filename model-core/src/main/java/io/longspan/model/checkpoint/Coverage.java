package io.longspan.model.checkpoint;

import io.longspan.model.ModelInputException;
import io.longspan.model.Quoted;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;

/**
 * The format's rule on offsets: tensors follow each other without gap or overlap, from the first
 * byte of the values to the last.
 */
final class Coverage {
    private Coverage() {}

    /**
     * Checks all tensors of a file.
     *
     * @param tensors in any order
     * @param available bytes of the file after its header
     */
    static void check(Collection<Extent> tensors, long available) {
        tensors.forEach(tensor -> checkOne(tensor, available));
        List<Extent> inOrder =
                tensors.stream()
                        .sorted(
                                Comparator.comparingLong(Extent::begin)
                                        .thenComparingLong(Extent::end))
                        .toList();
        long reached = 0;
        for (Extent tensor : inOrder) {
            if (tensor.begin() != reached) {
                throw new ModelInputException(
                        describe(tensor)
                                + (tensor.begin() < reached
                                        ? ", inside the tensor before it; tensors must not overlap"
                                        : ", which leaves a hole after byte " + reached)
                                + ", so get the file again");
            }
            reached = tensor.end();
        }
        if (reached != available) {
            throw new ModelInputException(
                    "the tensors end at byte "
                            + reached
                            + " and the file has "
                            + available
                            + " bytes after its header; nothing may follow, so get the file again");
        }
    }

    private static void checkOne(Extent tensor, long available) {
        if (tensor.begin() < 0 || tensor.end() < tensor.begin()) {
            throw new ModelInputException(
                    describe(tensor) + "; offsets must not run backwards, so get the file again");
        }
        if (tensor.end() > available) {
            throw new ModelInputException(
                    describe(tensor)
                            + " and the file has "
                            + available
                            + " bytes after its header; it is cut off, so get it again");
        }
        long size = tensor.end() - tensor.begin();
        if (size != tensor.info().bytes()) {
            throw new ModelInputException(
                    describe(tensor)
                            + ", "
                            + size
                            + " bytes; "
                            + tensor.info().dtype()
                            + " of shape "
                            + TensorInfo.brief(tensor.info().shape())
                            + " takes "
                            + tensor.info().bytes()
                            + ", so get the file again");
        }
    }

    private static String describe(Extent tensor) {
        return "tensor "
                + Quoted.of(tensor.info().name())
                + " lies at bytes "
                + tensor.begin()
                + " to "
                + tensor.end();
    }
}
