package io.longspan.model.tokenizer;

import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import io.longspan.model.ModelInputException;
import io.longspan.model.Quoted;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Supplier;

/**
 * RoBERTa's tokenizer, which is Longformer's too. Never truncates, never pads. Thread-safe; whoever
 * opened it closes it, and closing waits for calls under way.
 *
 * <p>The texts {@code <s>}, {@code <pad>}, {@code </s>}, {@code <unk>} and {@code <mask>} become
 * their ids wherever they stand in a text. Lone surrogates are encoded as U+FFFD.
 */
public final class RobertaTokenizer implements AutoCloseable {
    /** The longest text, in UTF-16 units. */
    public static final int LONGEST_TEXT = 1 << 25;

    private final ReadWriteLock lock = new ReentrantReadWriteLock();
    private final HuggingFaceTokenizer tokenizer;
    private final SpecialTokens special;
    private final int vocabularySize;
    private boolean closed;

    private RobertaTokenizer(
            HuggingFaceTokenizer tokenizer, SpecialTokens special, int vocabularySize) {
        this.tokenizer = tokenizer;
        this.special = special;
        this.vocabularySize = vocabularySize;
    }

    /**
     * Opens the tokenizer of a folder with {@code tokenizer.json}, or with {@code vocab.json} and
     * {@code merges.txt} (also under the names {@code roberta-vocab.json} and {@code
     * roberta-merges.txt}; {@code add_prefix_space} is then taken from {@code
     * tokenizer_config.json}, if there is one).
     *
     * @throws ModelInputException naming the file and what is wrong with it
     */
    public static RobertaTokenizer open(Path folder) {
        TokenizerFiles.Description description = TokenizerFiles.read(folder);
        RobertaTokenizer opened;
        try {
            Map<String, Integer> vocabulary = Vocabulary.ofTokenizer(description.json());
            SpecialTokens special = SpecialTokens.of(vocabulary);
            int size = Collections.max(vocabulary.values()) + 1;
            // Last: what is loaded here has to be closed.
            opened =
                    new RobertaTokenizer(
                            NativeTokenizers.load(description.json().toString()), special, size);
        } catch (ModelInputException e) {
            throw e.in(description.file());
        }
        opened.checkFrame(description.file());
        return opened;
    }

    /** Ids of the special tokens. */
    public SpecialTokens special() {
        return special;
    }

    /** One more than the largest id. */
    public int vocabularySize() {
        return vocabularySize;
    }

    /**
     * Encodes a text between {@code <s>} and {@code </s>}.
     *
     * @throws ModelInputException when the text is longer than {@link #LONGEST_TEXT}
     */
    public Encoding encode(String text) {
        return encode(text, true);
    }

    /**
     * Encodes a text.
     *
     * @param addSpecial whether {@code <s>} and {@code </s>} are put around it
     * @throws ModelInputException when the text is longer than {@link #LONGEST_TEXT}
     */
    public Encoding encode(String text, boolean addSpecial) {
        String checked = checked(text);
        return locked(() -> NativeTokenizers.convert(tokenizer.encode(checked, addSpecial, false)));
    }

    /**
     * Encodes two texts as {@code <s> first </s></s> second </s>}; offsets count in the text that
     * the token came from.
     *
     * @throws ModelInputException when a text is longer than {@link #LONGEST_TEXT}
     */
    public Encoding encodePair(String first, String second) {
        String a = checked(first);
        String b = checked(second);
        return locked(() -> NativeTokenizers.convert(tokenizer.encode(a, b, true, false)));
    }

    /**
     * Encodes two texts with one or two {@code </s>} between them: the published model for TriviaQA
     * was trained with one.
     *
     * @param separators 1 or 2
     * @throws ModelInputException when a text is longer than {@link #LONGEST_TEXT}
     */
    public Encoding encodePair(String first, String second, int separators) {
        if (separators != 1 && separators != 2) {
            throw new IllegalArgumentException(
                    "there are to be " + separators + " separators; 1 or 2 can be");
        }
        Encoding pair = encodePair(first, second);
        return separators == 2 ? pair : pair.withoutSecondSeparator();
    }

    /**
     * Encodes texts on all cores.
     *
     * @param addSpecial whether {@code <s>} and {@code </s>} are put around each
     * @throws ModelInputException when a text is longer than {@link #LONGEST_TEXT}
     */
    public List<Encoding> encodeAll(List<String> texts, boolean addSpecial) {
        String[] checked = texts.stream().map(RobertaTokenizer::checked).toArray(String[]::new);
        if (checked.length == 0) {
            return List.of();
        }
        return locked(() ->
                Arrays.stream(tokenizer.batchEncode(checked, addSpecial, false))
                        .map(NativeTokenizers::convert)
                        .toList());
    }

    /**
     * The text of ids; bytes that are no UTF-8 become U+FFFD.
     *
     * @param skipSpecial whether special tokens are left out
     * @throws ModelInputException when an id is not in the vocabulary
     */
    public String decode(int[] ids, boolean skipSpecial) {
        for (int id : ids) {
            if (id < 0 || id >= vocabularySize) {
                throw new ModelInputException(
                        "token id is " + id + "; it must be from 0 to " + (vocabularySize - 1));
            }
        }
        long[] wide = Arrays.stream(ids).asLongStream().toArray();
        return locked(() -> tokenizer.decode(wide, skipSpecial));
    }

    @Override
    public void close() {
        lock.writeLock().lock();
        try {
            if (!closed) {
                closed = true;
                tokenizer.close();
            }
        } finally {
            lock.writeLock().unlock();
        }
    }

    /** A description without RoBERTa's frame would encode, silently and wrongly. */
    private void checkFrame(Path file) {
        int[] frame = encode("").ids();
        if (!Arrays.equals(frame, new int[] {special.bos(), special.eos()})) {
            close();
            throw new ModelInputException(
                    "'"
                            + file
                            + "': an empty text becomes the ids "
                            + Quoted.plain(Arrays.toString(frame))
                            + "; a RoBERTa tokenizer gives <s> </s>, so check that it is one");
        }
    }

    private static String checked(String text) {
        if (text.length() > LONGEST_TEXT) {
            throw new ModelInputException(
                    "a text has "
                            + text.length()
                            + " characters; at most "
                            + LONGEST_TEXT
                            + " can be encoded at once, so split it");
        }
        return WellFormed.of(text);
    }

    private <T> T locked(Supplier<T> work) {
        lock.readLock().lock();
        try {
            if (closed) {
                throw new IllegalStateException("the tokenizer is closed");
            }
            return work.get();
        } finally {
            lock.readLock().unlock();
        }
    }
}
