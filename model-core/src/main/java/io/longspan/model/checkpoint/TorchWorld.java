package io.longspan.model.checkpoint;

import io.longspan.model.ModelInputException;
import io.longspan.model.Quoted;
import io.longspan.model.checkpoint.pickle.PickleDict;
import io.longspan.model.checkpoint.pickle.PickleTuple;
import io.longspan.model.checkpoint.pickle.PickleWorld;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The few things that a PyTorch file of tensors refers to; anything else is refused by name. */
final class TorchWorld implements PickleWorld {
    /** What may be called. */
    private enum Function {
        REBUILD_TENSOR,
        REBUILD_PARAMETER,
        ORDERED_DICT
    }

    private static final Map<String, Object> KNOWN =
            Map.ofEntries(
                    Map.entry("torch._utils._rebuild_tensor_v2", Function.REBUILD_TENSOR),
                    Map.entry("torch._utils._rebuild_parameter", Function.REBUILD_PARAMETER),
                    Map.entry("collections.OrderedDict", Function.ORDERED_DICT),
                    Map.entry("torch.DoubleStorage", DType.F64),
                    Map.entry("torch.FloatStorage", DType.F32),
                    Map.entry("torch.HalfStorage", DType.F16),
                    Map.entry("torch.BFloat16Storage", DType.BF16),
                    Map.entry("torch.LongStorage", DType.I64),
                    Map.entry("torch.IntStorage", DType.I32),
                    Map.entry("torch.ShortStorage", DType.I16),
                    Map.entry("torch.CharStorage", DType.I8),
                    Map.entry("torch.ByteStorage", DType.U8),
                    Map.entry("torch.BoolStorage", DType.BOOL));

    @Override
    public Object global(String module, String name) {
        Object known = KNOWN.get(module + "." + name);
        if (known == null) {
            throw new ModelInputException(
                    "the file asks for "
                            + Quoted.of(module + "." + name)
                            + "; only tensors are read and nothing in a file is ever run, so get the"
                            + " weights as safetensors from a source you trust");
        }
        return known;
    }

    @Override
    public Object call(Object callable, List<Object> arguments) {
        if (callable instanceof Function function) {
            return switch (function) {
                case ORDERED_DICT -> orderedDict(arguments);
                case REBUILD_TENSOR -> tensor(arguments);
                case REBUILD_PARAMETER -> parameter(arguments);
            };
        }
        throw new ModelInputException(
                "the file calls something that is no function of PyTorch's for tensors; do not trust"
                        + " it");
    }

    @Override
    public Object persistent(Object id) {
        List<Object> parts = items(id, "a storage");
        if (parts.size() == 5
                && "storage".equals(parts.get(0))
                && parts.get(1) instanceof DType dtype
                && parts.get(2) instanceof String key
                && parts.get(4) instanceof Long values
                && values >= 0) {
            return new TorchStorage(dtype, key, values);
        }
        throw malformed("a storage");
    }

    private static Object orderedDict(List<Object> arguments) {
        if (!arguments.isEmpty()) {
            throw malformed("an empty OrderedDict");
        }
        return PickleDict.ordered();
    }

    /** Storage, offset, sizes, strides; then flags of training that mean nothing here. */
    private static Object tensor(List<Object> arguments) {
        if (arguments.size() < 6
                || arguments.size() > 7
                || !(arguments.get(0) instanceof TorchStorage storage)
                || !(arguments.get(1) instanceof Long offset)) {
            throw malformed("a tensor");
        }
        return new TorchView(storage, offset, longs(arguments.get(2)), longs(arguments.get(3)));
    }

    private static Object parameter(List<Object> arguments) {
        if (arguments.size() == 3 && arguments.getFirst() instanceof TorchView view) {
            return view;
        }
        throw malformed("a parameter");
    }

    private static List<Long> longs(Object tuple) {
        List<Long> numbers = new ArrayList<>();
        for (Object item : items(tuple, "a tensor")) {
            if (!(item instanceof Long number)) {
                throw malformed("a tensor");
            }
            numbers.add(number);
        }
        return numbers;
    }

    private static List<Object> items(Object value, String what) {
        if (value instanceof PickleTuple tuple) {
            return tuple.items();
        }
        throw malformed(what);
    }

    private static ModelInputException malformed(String what) {
        return new ModelInputException(
                "the file describes "
                        + what
                        + " in a way that PyTorch does not; it is damaged, so get it again");
    }
}
