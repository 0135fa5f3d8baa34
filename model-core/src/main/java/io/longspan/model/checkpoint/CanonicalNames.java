package io.longspan.model.checkpoint;

import io.longspan.model.ModelInputException;
import io.longspan.model.Quoted;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Names of a file without their prefix. The prefix is what stands before the word table; heads may
 * carry it, a part of it or nothing ({@code model.encoder...} beside {@code qa_outputs}). BERT's
 * own names become RoBERTa's, see {@link BertNames}.
 *
 * @param prefix of the encoder's tensors, with its dot; may be empty
 * @param fileNames names of the file by canonical name
 * @param others names that are no part of a model known here
 * @param spareBias name of the decoder's bias that is not used, since the file holds it under both
 *     of its names; or null
 */
record CanonicalNames(
        String prefix,
        SortedMap<String, String> fileNames,
        List<String> others,
        @Nullable String spareBias) {
    private static final List<String> ENCODER_ROOTS = List.of("embeddings.", "encoder.", "pooler.");
    private static final List<String> HEAD_ROOTS =
            List.of("lm_head.", "classifier.", "qa_outputs.", BertNames.HEADS);

    /** Counters that older versions stored; nothing is learned in them. */
    private static final List<String> IGNORED =
            List.of("embeddings.position_ids", "embeddings.token_type_ids");

    /** Canonical name of the decoder's bias. */
    static final String BIAS = "lm_head.bias";

    private static final String BIAS_OF_DECODER = "lm_head.decoder.bias";

    static CanonicalNames of(TensorSource source) {
        String prefix = prefix(source);
        SortedMap<String, String> fileNames = new TreeMap<>();
        List<String> others = new ArrayList<>();
        for (String name : source.names()) {
            String canonical = canonical(name, prefix).orElse(null);
            if (canonical == null) {
                others.add(name);
            } else if (!IGNORED.contains(canonical)) {
                String twin = fileNames.put(canonical, name);
                if (twin != null) {
                    throw new ModelInputException(
                            "'"
                                    + source.path()
                                    + "' holds "
                                    + Quoted.of(canonical)
                                    + " twice, as "
                                    + Quoted.of(twin)
                                    + " and "
                                    + Quoted.of(name)
                                    + "; remove one");
                }
            }
        }
        // One tensor, two names: files hold either or both.
        String ofDecoder = fileNames.remove(BIAS_OF_DECODER);
        boolean spare = ofDecoder != null && fileNames.putIfAbsent(BIAS, ofDecoder) != null;
        return new CanonicalNames(prefix, fileNames, others, spare ? ofDecoder : null);
    }

    private static String prefix(TensorSource source) {
        SortedSet<String> names = source.names();
        List<String> found =
                names.stream()
                        .filter(name ->
                                name.equals(ModelTensors.WORDS)
                                        || name.endsWith("." + ModelTensors.WORDS))
                        .toList();
        if (found.size() == 1) {
            String name = found.getFirst();
            return name.substring(0, name.length() - ModelTensors.WORDS.length());
        }
        throw new ModelInputException(
                "'"
                        + source.path()
                        + "' holds "
                        + names.size()
                        + " tensors, "
                        + (found.isEmpty() ? "none" : found.size())
                        + " of them a word table (a name ending in "
                        + ModelTensors.WORDS
                        + "); exactly one is needed, so check that it is a Longformer, RoBERTa, XLM-R or BERT");
    }

    private static Optional<String> canonical(String name, String prefix) {
        if (name.startsWith(prefix)) {
            String rest = name.substring(prefix.length());
            if (beginsWith(rest, ENCODER_ROOTS) || beginsWith(rest, HEAD_ROOTS)) {
                return BertNames.canonical(rest);
            }
        }
        for (String outer = parent(prefix); ; outer = parent(outer)) {
            if (name.startsWith(outer) && beginsWith(name.substring(outer.length()), HEAD_ROOTS)) {
                return BertNames.canonical(name.substring(outer.length()));
            }
            if (outer.isEmpty()) {
                return Optional.empty();
            }
        }
    }

    /** {@code a.b.} to {@code a.}, {@code a.} to nothing. */
    private static String parent(String prefix) {
        int dot = prefix.lastIndexOf('.', prefix.length() - 2);
        return prefix.substring(0, dot + 1);
    }

    private static boolean beginsWith(String name, List<String> roots) {
        return roots.stream().anyMatch(name::startsWith);
    }
}
