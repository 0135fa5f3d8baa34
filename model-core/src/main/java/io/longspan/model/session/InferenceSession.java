package io.longspan.model.session;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import io.longspan.attention.AttentionBackend;
import io.longspan.attention.Device;
import io.longspan.attention.Feature;
import io.longspan.attention.SequenceLayout;
import io.longspan.attention.Workload;
import io.longspan.model.ModelInputException;
import io.longspan.model.config.GlobalPolicy;
import io.longspan.model.config.LongformerConfig;
import io.longspan.model.encoder.AttentionNeeds;
import io.longspan.model.encoder.TokenBatch;
import io.longspan.model.head.MaskedLmHead;
import io.longspan.model.head.TaskSetup;
import io.longspan.model.infer.LongformerModel;
import io.longspan.model.session.InferenceRefusedException.Reason;
import io.longspan.model.tensor.TensorBridge;
import io.longspan.model.tokenizer.Encoding;
import io.longspan.model.tokenizer.RobertaTokenizer;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.IntStream;

/**
 * Answers questions about texts with one model.
 *
 * <p>Thread-safe. Tokenising runs on any number of threads at once; the model runs for one caller
 * at a time, since a backend need not bear more and libtorch spreads one run over the cores. Call
 * it from few, long-lived platform threads: libtorch keeps memory for every thread that ever ran
 * it.
 *
 * <p>Model, tokenizer and backend are borrowed: whoever opened them closes them, after the last
 * call has returned.
 */
public final class InferenceSession {
    /** Most guesses for one mask. */
    public static final int MOST_GUESSES = 100;

    /** Rows of scores that are in memory at once. */
    private static final int TILE = 64;

    private final ReentrantLock running = new ReentrantLock(true);
    private final LongformerModel model;
    private final RobertaTokenizer tokenizer;
    private final AttentionBackend attention;
    private final int longest;

    /**
     * A session over what the caller has opened.
     *
     * @param attention supports every workload of {@link #needs}
     * @throws ModelInputException when the tokenizer has ids that the model does not have
     */
    public InferenceSession(
            LongformerModel model, RobertaTokenizer tokenizer, AttentionBackend attention) {
        if (tokenizer.vocabularySize() > model.config().vocabSize()) {
            throw new ModelInputException(
                    "the tokenizer has ids up to "
                            + (tokenizer.vocabularySize() - 1)
                            + " and the model's vocabulary ends at "
                            + (model.config().vocabSize() - 1)
                            + "; use the tokenizer of this checkpoint");
        }
        this.model = model;
        this.tokenizer = tokenizer;
        this.attention = attention;
        longest = model.config().usablePositions();
    }

    /** What sessions of a model ask of an attention backend, for its selection. */
    public static List<Workload> needs(LongformerConfig config, Device.Kind device) {
        Set<Feature> calls = EnumSet.noneOf(Feature.class);
        if (config.hasGlobalAttention()) {
            calls.add(Feature.GLOBAL_KEYS);
        }
        return AttentionNeeds.of(config, calls, device);
    }

    /** Longest text in tokens, special tokens included. */
    public int longest() {
        return longest;
    }

    /**
     * Encodes a text. Nothing is truncated.
     *
     * @throws InferenceRefusedException when the text is empty, or longer than the model; the
     *     message says by how many tokens
     * @throws ModelInputException when the text is longer than the tokenizer takes
     */
    public TokenizedText tokenize(String text) {
        if (text.isEmpty()) {
            throw new InferenceRefusedException(
                    Reason.EMPTY_TEXT, "the text is empty; send at least one character");
        }
        Encoding encoding = tokenizer.encode(text);
        int over = encoding.size() - longest;
        if (over > 0) {
            throw new InferenceRefusedException(
                    Reason.TOO_LONG,
                    "the text has "
                            + encoding.size()
                            + " tokens, "
                            + over
                            + " more than the "
                            + longest
                            + " that this model reads; shorten it, split it, or ask a longer model");
        }
        List<Integer> masks =
                IntStream.range(0, encoding.size())
                        .filter(t -> encoding.id(t) == tokenizer.special().mask())
                        .boxed()
                        .toList();
        return new TokenizedText(encoding, masks);
    }

    /**
     * Encodes a text whose masks are to be filled, and checks the whole question.
     *
     * @param topK guesses wanted per mask
     * @throws InferenceRefusedException when the model has no language-model head, the number is
     *     not from 1 to {@link #MOST_GUESSES}, the text has no {@code <mask>}, is empty or too long
     * @throws ModelInputException when the text is longer than the tokenizer takes
     */
    public TokenizedText tokenizeMasked(String text, int topK) {
        head();
        checkGuesses(topK);
        TokenizedText tokenized = tokenize(text);
        if (tokenized.masks().isEmpty()) {
            throw new InferenceRefusedException(
                    Reason.NO_MASK,
                    "the text has no <mask>; put one where a token is to be guessed");
        }
        return tokenized;
    }

    /**
     * Guesses the tokens behind every mask; no token is global unless the checkpoint says so. The
     * head runs at the masks only.
     *
     * @param texts from this session, at least one
     * @param topK guesses per mask, 1 to {@link #MOST_GUESSES}
     * @return per text, one entry per mask in the order of the text
     * @throws InferenceRefusedException when the model has no language-model head or the number is
     *     out of range
     */
    public List<List<MaskGuesses>> fillMask(List<TokenizedText> texts, int topK) {
        MaskedLmHead head = head();
        checkGuesses(topK);
        running.lock();
        try (NDManager manager = model.newManager()) {
            TokenBatch batch = batch(texts, model.setup());
            NDArray hidden = model.encoder().forward(batch, attention, manager); // [T, N]
            List<List<MaskGuesses>> answers = new ArrayList<>();
            for (int b = 0; b < texts.size(); b++) {
                answers.add(
                        guesses(head, hidden, batch.layout().start(b), texts.get(b).masks(), topK));
            }
            return answers;
        } finally {
            running.unlock();
        }
    }

    /**
     * Turns each text into one vector of the model's hidden size; the first token is global unless
     * the checkpoint says otherwise.
     *
     * @param texts from this session, at least one
     * @param normalize whether vectors are divided by their Euclidean length
     * @return one vector per text
     */
    public List<float[]> embed(List<TokenizedText> texts, Pooling pooling, boolean normalize) {
        int width = model.config().hiddenSize();
        running.lock();
        try (NDManager manager = model.newManager()) {
            TokenBatch batch = batch(texts, pooled());
            NDArray hidden = model.encoder().forward(batch, attention, manager); // [T, N]
            MemorySegment states = TensorBridge.memory(hidden);
            SequenceLayout layout = batch.layout();
            List<float[]> vectors = new ArrayList<>();
            for (int b = 0; b < layout.sequences(); b++) {
                int begin = layout.start(b);
                int end =
                        switch (pooling) {
                            case MEAN -> layout.end(b);
                            case FIRST -> begin + 1;
                        };
                vectors.add(MeanState.of(states, begin, end, width, normalize));
            }
            return vectors;
        } finally {
            running.unlock();
        }
    }

    private TokenBatch batch(List<TokenizedText> texts, TaskSetup setup) {
        if (texts.isEmpty()) {
            throw new IllegalArgumentException("there is no text; pass at least one");
        }
        long[] ids =
                texts.stream()
                        .flatMapToInt(text -> Arrays.stream(text.encoding().ids()))
                        .asLongStream()
                        .toArray(); // [T]
        int[] lengths = texts.stream().mapToInt(TokenizedText::tokens).toArray();
        SequenceLayout layout = setup.withGlobals(ids, SequenceLayout.allLocal(lengths));
        return TokenBatch.of(model.config(), ids, layout);
    }

    /**
     * The global tokens of a text that becomes one vector: the checkpoint's, or else the first. A
     * model without global projections, a RoBERTa, has none; its first token sees everything
     * anyway.
     */
    private TaskSetup pooled() {
        LongformerConfig config = model.config();
        return config.inputFormat().globalTokens() == null && config.hasGlobalAttention()
                ? model.setup().withGlobals(GlobalPolicy.Named.FIRST_TOKEN)
                : model.setup();
    }

    private List<MaskGuesses> guesses(
            MaskedLmHead head, NDArray hidden, int start, List<Integer> masks, int topK) {
        int vocabulary = model.config().vocabSize();
        List<MaskGuesses> all = new ArrayList<>();
        for (int first = 0; first < masks.size(); first += TILE) {
            List<Integer> tile = masks.subList(first, Math.min(first + TILE, masks.size()));
            long[] rows = tile.stream().mapToLong(mask -> start + mask).toArray();
            try (NDManager scope = hidden.getManager().newSubManager()) {
                NDArray picked = hidden.get(scope.create(rows)); // [tile, N]
                picked.attach(scope);
                MemorySegment scores = TensorBridge.memory(head.forward(picked)); // [tile, V]
                for (int i = 0; i < tile.size(); i++) {
                    all.add(
                            new MaskGuesses(
                                    tile.get(i),
                                    BestTokens.of(scores, (long) i * vocabulary, vocabulary, topK)
                                            .stream()
                                            .map(this::guess)
                                            .toList()));
                }
            }
        }
        return all;
    }

    private TokenGuess guess(BestTokens.Scored scored) {
        // A model's table may be longer than its tokenizer's, to be a multiple of something.
        String text =
                scored.id() < tokenizer.vocabularySize()
                        ? tokenizer.decode(new int[] {scored.id()}, false)
                        : "";
        return new TokenGuess(scored.id(), text, scored.score());
    }

    private MaskedLmHead head() {
        return model.maskedLmHead()
                .orElseThrow(() ->
                        new InferenceRefusedException(
                                Reason.NO_HEAD,
                                "this model has no language-model head, its task is "
                                        + model.task().key()
                                        + "; ask a masked-lm model to fill masks"));
    }

    private static void checkGuesses(int topK) {
        if (topK < 1 || topK > MOST_GUESSES) {
            throw new InferenceRefusedException(
                    Reason.TOP_K,
                    "the number of guesses is " + topK + "; it must be from 1 to " + MOST_GUESSES);
        }
    }
}
