package io.longspan.model.session;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import io.longspan.attention.AttentionBackend;
import io.longspan.attention.Device;
import io.longspan.attention.Feature;
import io.longspan.attention.QueryRows;
import io.longspan.attention.SequenceLayout;
import io.longspan.attention.Workload;
import io.longspan.model.ModelInputException;
import io.longspan.model.checkpoint.Task;
import io.longspan.model.config.GlobalPolicy;
import io.longspan.model.config.LongformerConfig;
import io.longspan.model.encoder.AttentionNeeds;
import io.longspan.model.encoder.TokenBatch;
import io.longspan.model.head.MaskedLmHead;
import io.longspan.model.head.ProblemType;
import io.longspan.model.head.TaskHead;
import io.longspan.model.head.TaskSetup;
import io.longspan.model.infer.LongformerModel;
import io.longspan.model.inspect.AttendedRow;
import io.longspan.model.inspect.AttentionInspector;
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
import java.util.function.Function;
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
        return fitting("text", tokenizer.encode(text));
    }

    /**
     * Encodes a question and the document that may answer it, or a prompt and one of its choices,
     * with as many separators between them as the checkpoint wants. Nothing is truncated.
     *
     * @throws InferenceRefusedException when one is empty, or both together are longer than the
     *     model; the message says by how many tokens
     * @throws ModelInputException when a text is longer than the tokenizer takes
     */
    public TokenizedText tokenizePair(String first, String second) {
        if (first.isEmpty() || second.isEmpty()) {
            throw new InferenceRefusedException(
                    Reason.EMPTY_TEXT,
                    "the "
                            + (first.isEmpty() ? "first" : "second")
                            + " text of the pair is empty; send at least one character");
        }
        int separators = model.config().inputFormat().pairSeparators();
        return fitting("pair", tokenizer.encodePair(first, second, separators));
    }

    private TokenizedText fitting(String what, Encoding encoding) {
        int over = encoding.size() - longest;
        if (over > 0) {
            throw new InferenceRefusedException(
                    Reason.TOO_LONG,
                    "the "
                            + what
                            + " has "
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

    /**
     * Says to which classes each text belongs, or which numbers it stands for. The head runs at the
     * first token of each only.
     *
     * @param texts from this session, at least one; pairs where the model was trained with pairs
     * @return one answer per text
     * @throws InferenceRefusedException when the model is no sequence classifier
     */
    public List<Classification> classify(List<TokenizedText> texts) {
        TaskHead head = head(Task.SEQUENCE_CLASSIFICATION, "no classifier", "classify texts");
        int classes = head.classes();
        ProblemType problem = ProblemType.of(model.config(), classes, true);
        float[] scores = scores(head, texts, _ -> IntStream.of(0)); // [B, K]
        List<String> names = names(classes);
        List<Classification> answers = new ArrayList<>();
        for (int b = 0; b < texts.size(); b++) {
            int from = b * classes;
            float[] values =
                    switch (problem) {
                        case SINGLE_LABEL -> Shares.softmax(scores, from, classes);
                        case MULTI_LABEL -> Shares.sigmoids(scores, from, classes);
                        case REGRESSION -> Arrays.copyOfRange(scores, from, from + classes);
                    };
            answers.add(
                    new Classification(
                            problem,
                            IntStream.range(0, classes)
                                    .mapToObj(k -> new LabelScore(names.get(k), values[k]))
                                    .toList()));
        }
        return answers;
    }

    /**
     * Labels the tokens of each text. The head runs at the tokens of the text only, not at those
     * that the tokenizer added.
     *
     * @param texts from this session, at least one
     * @return per text, its tokens in order with their most probable class
     * @throws InferenceRefusedException when the model is no token classifier
     */
    public List<List<TokenLabel>> classifyTokens(List<TokenizedText> texts) {
        TaskHead head = head(Task.TOKEN_CLASSIFICATION, "no token classifier", "label tokens");
        int classes = head.classes();
        float[] scores = scores(head, texts, InferenceSession::ownTokens); // [R, K]
        List<String> names = names(classes);
        List<List<TokenLabel>> answers = new ArrayList<>();
        int row = 0;
        for (TokenizedText text : texts) {
            List<TokenLabel> labels = new ArrayList<>();
            for (int t : ownTokens(text).toArray()) {
                float[] shares = Shares.softmax(scores, row++ * classes, classes);
                int best = 0;
                for (int k = 1; k < classes; k++) {
                    best = shares[k] > shares[best] ? k : best;
                }
                Encoding encoding = text.encoding();
                labels.add(
                        new TokenLabel(
                                encoding.start(t), encoding.end(t), names.get(best), shares[best]));
            }
            answers.add(labels);
        }
        return answers;
    }

    /**
     * Looks for answers to questions in documents. The head runs at the tokens of the documents
     * only.
     *
     * @param pairs of a question and a document, from {@link #tokenizePair}, at least one
     * @return per pair, its answers, best first; offsets count in the document
     * @throws InferenceRefusedException when the model answers no questions
     */
    public List<List<Answer>> answer(List<TokenizedText> pairs, AnswerSearch search) {
        TaskHead head = head(Task.QUESTION_ANSWERING, "no head for answers", "answer questions");
        float[] scores = scores(head, pairs, InferenceSession::documentTokens); // [R, 2]
        List<List<Answer>> answers = new ArrayList<>();
        int from = 0;
        for (TokenizedText pair : pairs) {
            int[] document = documentTokens(pair).toArray();
            answers.add(SpanDecoder.of(pair.encoding(), document, scores, from, search));
            from += document.length;
        }
        return answers;
    }

    /**
     * Chooses among the continuations of prompts. The head runs at the first token of each choice
     * only.
     *
     * @param questions per question, a pair of prompt and choice for each choice, from {@link
     *     #tokenizePair}; at least one question and one choice each
     * @return per question, the probability of each choice
     * @throws InferenceRefusedException when the model is no multiple-choice model
     */
    public List<float[]> choose(List<List<TokenizedText>> questions) {
        TaskHead head = head(Task.MULTIPLE_CHOICE, "no head for choices", "choose");
        List<TokenizedText> pairs = questions.stream().flatMap(List::stream).toList();
        float[] scores = scores(head, pairs, _ -> IntStream.of(0)); // [B * C]
        List<float[]> answers = new ArrayList<>();
        int from = 0;
        for (List<TokenizedText> choices : questions) {
            answers.add(Shares.softmax(scores, from, choices.size()));
            from += choices.size();
        }
        return answers;
    }

    /**
     * Says to which tokens some tokens attend in a layer, and by how much. The global tokens are
     * those that the model's task has.
     *
     * @param text from this session
     * @param layer index from 0
     * @param heads indices from 0
     * @param tokens positions in the text, {@code <s>} being 0
     * @return for every token in the given order, every head in the given order
     * @throws ModelInputException when there is no such layer, head or token
     */
    public List<AttendedRow> attention(
            TokenizedText text, int layer, List<Integer> heads, List<Integer> tokens) {
        running.lock();
        try {
            return new AttentionInspector(model, attention)
                    .rows(batch(List.of(text), model.setup()), layer, heads, tokens);
        } finally {
            running.unlock();
        }
    }

    /** The scores of chosen tokens of each text, [R, K]. */
    private float[] scores(
            TaskHead head, List<TokenizedText> texts, Function<TokenizedText, IntStream> chosen) {
        running.lock();
        try (NDManager manager = model.newManager()) {
            TokenBatch batch = batch(texts, model.setup());
            int[] wanted =
                    IntStream.range(0, texts.size())
                            .flatMap(b ->
                                    chosen.apply(texts.get(b))
                                            .map(t -> batch.layout().start(b) + t))
                            .toArray();
            if (wanted.length == 0) {
                return new float[0];
            }
            NDArray rows =
                    model.encoder()
                            .forward(batch, QueryRows.of(wanted), attention, manager); // [R, N]
            float[] scores = TensorBridge.floats(head.forward(rows)); // [R, K]
            for (float score : scores) {
                if (!Float.isFinite(score)) {
                    throw new IllegalStateException(
                            "the model's scores are not numbers; its weights are broken");
                }
            }
            return scores;
        } finally {
            running.unlock();
        }
    }

    private static IntStream ownTokens(TokenizedText text) {
        Encoding encoding = text.encoding();
        return IntStream.range(0, encoding.size()).filter(t -> !encoding.isSpecial(t));
    }

    private static IntStream documentTokens(TokenizedText pair) {
        Encoding encoding = pair.encoding();
        return IntStream.range(0, encoding.size()).filter(t -> encoding.sequence(t) == 1);
    }

    /** The checkpoint's names of its classes. */
    private List<String> names(int classes) {
        List<String> stored = model.config().labels();
        return stored.size() == classes
                ? stored
                : IntStream.range(0, classes).mapToObj(k -> "LABEL_" + k).toList();
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
        if (head(Task.MASKED_LM, "no language-model head", "fill masks")
                instanceof MaskedLmHead words) {
            return words;
        }
        throw new IllegalStateException("a masked-lm model has another head");
    }

    private TaskHead head(Task task, String lack, String wish) {
        return model.head()
                .filter(head -> head.task() == task)
                .orElseThrow(() ->
                        new InferenceRefusedException(
                                Reason.NO_HEAD,
                                "this model has "
                                        + lack
                                        + ", its task is "
                                        + model.task().key()
                                        + "; ask a "
                                        + task.key()
                                        + " model to "
                                        + wish));
    }

    private static void checkGuesses(int topK) {
        if (topK < 1 || topK > MOST_GUESSES) {
            throw new InferenceRefusedException(
                    Reason.TOP_K,
                    "the number of guesses is " + topK + "; it must be from 1 to " + MOST_GUESSES);
        }
    }
}
