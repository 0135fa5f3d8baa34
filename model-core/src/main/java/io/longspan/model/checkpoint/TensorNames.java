package io.longspan.model.checkpoint;

import io.longspan.model.ModelInputException;
import io.longspan.model.Quoted;
import io.longspan.model.config.LongformerConfig;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The tensors of a checkpoint under canonical names. Existing only when complete: every required
 * tensor is there, and every tensor has the shape that the configuration gives it. Lives as long as
 * its {@link TensorSource}.
 */
public final class TensorNames {
    private final LongformerConfig config;
    private final TensorSource source;
    private final Task task;
    private final String prefix;
    private final SortedMap<String, String> fileNames;
    private final List<String> unused;
    private final @Nullable String spareBias;

    private TensorNames(
            LongformerConfig config,
            TensorSource source,
            Task task,
            String prefix,
            SortedMap<String, String> fileNames,
            List<String> unused,
            @Nullable String spareBias) {
        this.config = config;
        this.source = source;
        this.task = task;
        this.prefix = prefix;
        this.fileNames = fileNames;
        this.unused = unused;
        this.spareBias = spareBias;
    }

    /**
     * Infers the task from the tensors and, between several heads, from the configuration.
     *
     * @throws ModelInputException when tensors are missing, have a wrong shape or type, or leave
     *     the task open
     */
    public static TensorNames of(LongformerConfig config, TensorSource source) {
        CanonicalNames names = CanonicalNames.of(source);
        Task task = TaskDetection.detect(names.fileNames(), source, config.architectures());
        return checked(config, source, task, names);
    }

    /**
     * For a task that the caller chose.
     *
     * @throws ModelInputException when tensors are missing or have a wrong shape or type
     */
    public static TensorNames of(LongformerConfig config, TensorSource source, Task task) {
        return checked(config, source, task, CanonicalNames.of(source));
    }

    private static TensorNames checked(
            LongformerConfig config, TensorSource source, Task task, CanonicalNames names) {
        SortedMap<String, String> all = names.fileNames();
        if (task == Task.SEQUENCE_CLASSIFICATION) {
            BertNames.splitClassifier(all);
        }
        List<ExpectedTensor> expected =
                ModelTensors.of(config, task, TensorChecks.labels(config, source, task, all));
        TensorChecks.fits(config, source, task, expected, all);
        SortedMap<String, String> used = new TreeMap<>();
        for (ExpectedTensor tensor : expected) {
            String fileName = all.get(tensor.name());
            if (fileName != null) {
                used.put(tensor.name(), fileName);
            }
        }
        Set<String> needed = Set.copyOf(used.values());
        List<String> unused =
                Stream.concat(names.others().stream(), all.values().stream())
                        .filter(name -> !needed.contains(name))
                        .sorted()
                        .toList();
        return new TensorNames(
                config, source, task, names.prefix(), used, unused, names.spareBias());
    }

    /** The file or folder that the tensors come from, for messages. */
    public Path path() {
        return source.path();
    }

    /** What the head does. */
    public Task task() {
        return task;
    }

    /** What stands before the encoder's names in the file, with its dot; may be empty. */
    public String prefix() {
        return prefix;
    }

    /** Canonical names of all tensors of the model, in alphabetical order. */
    public SortedSet<String> canonical() {
        return Collections.unmodifiableSortedSet(new TreeSet<>(fileNames.keySet()));
    }

    /** Names of the file that the model does not need, in alphabetical order. */
    public List<String> unused() {
        return unused;
    }

    /** Whether the checkpoint holds a tensor, by canonical name. */
    public boolean has(String canonical) {
        return fileNames.containsKey(canonical);
    }

    /**
     * The name in the file.
     *
     * @throws IllegalArgumentException when the checkpoint does not hold the tensor
     */
    public String fileName(String canonical) {
        String name = fileNames.get(canonical);
        if (name == null) {
            throw new IllegalArgumentException(
                    "the checkpoint holds no " + Quoted.of(canonical) + "; ask has() first");
        }
        return name;
    }

    /**
     * A tensor by canonical name.
     *
     * @throws IllegalArgumentException when the checkpoint does not hold the tensor
     */
    public StoredTensor get(String canonical) {
        return source.get(fileName(canonical));
    }

    /**
     * Canonical name of the tensor that decodes in a masked language model: the word table, unless
     * the configuration unties it and the file holds a decoder.
     */
    public String decoder() {
        return !config.tiedWordEmbeddings() && has(ModelTensors.DECODER)
                ? ModelTensors.DECODER
                : ModelTensors.WORDS;
    }

    /**
     * Whether the file holds a decoder that should equal the word table and does not; it is not
     * used, which is worth a warning. Reads both tensors.
     */
    public boolean ignoresDifferentDecoder() {
        return config.tiedWordEmbeddings()
                && has(ModelTensors.DECODER)
                && get(ModelTensors.DECODER).data().mismatch(get(ModelTensors.WORDS).data()) != -1;
    }

    /**
     * Whether the file holds the decoder's bias under both of its names, {@code lm_head.bias} and
     * {@code lm_head.decoder.bias}, and they differ; the second is not used, which is worth a
     * warning. Reads both tensors.
     */
    public boolean ignoresDifferentBias() {
        return spareBias != null
                && has(CanonicalNames.BIAS)
                && source.get(spareBias).data().mismatch(get(CanonicalNames.BIAS).data()) != -1;
    }

    /**
     * What is worth a warning: tensors that should equal another one, do not, and are not used. A
     * sentence each, with the checkpoint's path. Reads those tensors.
     */
    public List<String> ignoredTwins() {
        List<String> sentences = new ArrayList<>();
        if (ignoresDifferentDecoder()) {
            sentences.add(
                    "'"
                            + path()
                            + "' holds a decoder that differs from the word table it is tied to; the word table is used");
        }
        if (ignoresDifferentBias()) {
            sentences.add(
                    "'"
                            + path()
                            + "' holds the decoder's bias twice, as "
                            + Quoted.of(fileName(CanonicalNames.BIAS))
                            + " and as "
                            + Quoted.of(String.valueOf(spareBias))
                            + ", and they differ; the first is used");
        }
        return sentences;
    }
}
