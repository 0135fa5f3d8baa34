package io.longspan.model.session;

import io.longspan.attention.AttentionBackend;
import io.longspan.attention.Device;
import io.longspan.attention.Feature;
import io.longspan.attention.Workload;
import io.longspan.model.ModelInputException;
import io.longspan.model.config.LongformerConfig;
import io.longspan.model.encoder.AttentionNeeds;
import io.longspan.model.infer.LongformerModel;
import io.longspan.model.inspect.AttendedRow;
import io.longspan.model.tokenizer.RobertaTokenizer;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

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

    private final ModelRun run;
    private final TextEncoder encoder;
    private final MaskFilling masks;
    private final TextVectors vectors;
    private final TextLabels labels;
    private final TokenScores scores;
    private final PairAnswers pairs;

    /**
     * A session over what the caller has opened.
     *
     * @param attention supports every workload of {@link #needs}
     * @throws ModelInputException when the tokenizer has ids that the model does not have
     */
    public InferenceSession(
            LongformerModel model, RobertaTokenizer tokenizer, AttentionBackend attention) {
        encoder = new TextEncoder(tokenizer, model.config());
        run = new ModelRun(model, attention);
        masks = new MaskFilling(run, tokenizer);
        vectors = new TextVectors(run);
        labels = new TextLabels(run);
        scores = new TokenScores(run, tokenizer);
        pairs = new PairAnswers(run);
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
        return encoder.longest();
    }

    /**
     * Encodes a text. Nothing is truncated.
     *
     * @throws InferenceRefusedException when the text is empty, or longer than the model; the
     *     message says by how many tokens
     * @throws ModelInputException when the text is longer than the tokenizer takes
     */
    public TokenizedText tokenize(String text) {
        return encoder.one(text);
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
        return encoder.pair(first, second);
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
        masks.head(topK);
        return encoder.masked(text);
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
        return masks.fill(texts, topK);
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
        return vectors.embed(texts, pooling, normalize);
    }

    /**
     * Turns each token of each text into its last hidden state; the first token is global as for
     * {@link #embed}.
     *
     * @param texts from this session, at least one
     * @return per text, one vector of the model's hidden size per token, {@code <s>} first
     */
    public List<List<float[]>> embedTokens(List<TokenizedText> texts) {
        return vectors.tokens(texts);
    }

    /** Whether no token of the model sees a later one. */
    public boolean causal() {
        return scores.causal();
    }

    /**
     * Encodes a text whose tokens are to be judged, and checks that the model can.
     *
     * @throws InferenceRefusedException when the model has no language-model head, or the text is
     *     empty or too long
     * @throws ModelInputException when the text is longer than the tokenizer takes
     */
    public TokenizedText tokenizeScored(String text) {
        TokenizedText tokenized = encoder.one(text);
        scores.head();
        return tokenized;
    }

    /** Positions of a text's tokens that are judged: not those the tokenizer added, nor masks. */
    public int[] judged(TokenizedText text) {
        return scores.judged(text.encoding());
    }

    /**
     * What the model has to read to judge a text: a copy per judged token in which that one is
     * masked, or the text itself when the model is causal.
     */
    public List<TokenizedText> scoringRuns(TokenizedText text) {
        return scores.runs(text);
    }

    /**
     * Judges tokens.
     *
     * @param text whose tokens they are
     * @param runs some of {@link #scoringRuns}, at least one
     * @return per run the natural logarithms of the probabilities of its judged tokens: of the
     *     masked one, or of all, each after those before it
     * @throws InferenceRefusedException when the model has no language-model head
     */
    public List<float[]> score(TokenizedText text, List<TokenizedText> runs) {
        return scores.score(text.encoding(), runs);
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
        return labels.classify(texts);
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
        return labels.classifyTokens(texts);
    }

    /**
     * Looks for answers to questions in documents. The head runs at the tokens of the documents
     * only.
     *
     * @param tokenized pairs of a question and a document, from {@link #tokenizePair}, at least one
     * @return per pair, its answers, best first; offsets count in the document
     * @throws InferenceRefusedException when the model answers no questions
     */
    public List<List<Answer>> answer(List<TokenizedText> tokenized, AnswerSearch search) {
        return pairs.answer(tokenized, search);
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
        return pairs.choose(questions);
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
        return run.attention(text, layer, heads, tokens);
    }
}
