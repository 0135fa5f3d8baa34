package io.longspan.serving.model;

import io.longspan.attention.Device;
import io.longspan.attention.Workload;
import io.longspan.model.Progress;
import io.longspan.model.config.LayerAttention;
import io.longspan.model.config.LongformerConfig;
import io.longspan.model.infer.LongformerModel;
import io.longspan.model.session.AnswerSearch;
import io.longspan.model.session.InferenceSession;
import io.longspan.model.session.Pooling;
import io.longspan.model.session.TokenizedText;
import io.longspan.model.tokenizer.RobertaTokenizer;
import io.longspan.serving.BackendChoice;
import io.longspan.serving.ChosenBackend;
import io.longspan.serving.ServedModelSpec;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Locale;

/**
 * One version of a model with everything that it needs to run.
 *
 * @param spec what was asked for
 * @param version never changes its meaning
 * @param digest SHA-256 of the weights, in hex
 * @param parameters numbers in the weights
 * @param model weights
 * @param tokenizer of the checkpoint
 * @param backend of its own
 * @param session over these
 */
public record ServedModel(
        ServedModelSpec spec,
        String version,
        String digest,
        long parameters,
        LongformerModel model,
        RobertaTokenizer tokenizer,
        ChosenBackend backend,
        InferenceSession session)
        implements AutoCloseable {
    private static final int VERSION_DIGITS = 12;
    private static final int WARM_TOKENS = 512;

    /**
     * Opens a model and runs it once.
     *
     * @throws io.longspan.model.ModelInputException when the checkpoint cannot be used
     */
    static ServedModel open(ServedModelSpec spec, BackendChoice backends) {
        String digest = WeightsDigest.of(spec.folder());
        Deque<AutoCloseable> opened = new ArrayDeque<>();
        try {
            LongformerModel model =
                    LongformerModel.open(spec.folder(), backends.modelOptions(), Progress.none());
            opened.push(model);
            RobertaTokenizer tokenizer = RobertaTokenizer.open(spec.folder());
            opened.push(tokenizer);
            List<Workload> needs = InferenceSession.needs(model.config(), Device.Kind.CPU);
            ChosenBackend backend = backends.open(spec.name(), needs);
            opened.push(backend);
            InferenceSession session = new InferenceSession(model, tokenizer, backend.backend());
            ServedModel served =
                    new ServedModel(
                            spec,
                            spec.version().orElse(digest.substring(0, VERSION_DIGITS)),
                            digest,
                            MemoryBudget.parameters(spec),
                            model,
                            tokenizer,
                            backend,
                            session);
            served.warm();
            opened.clear();
            return served;
        } finally {
            closeAll(opened);
        }
    }

    /** Name under which clients ask for it. */
    public String name() {
        return spec.name();
    }

    /** Arithmetic of the linear layers. */
    public String precision() {
        return model.precision().name().toLowerCase(Locale.ROOT);
    }

    /** Window of each layer in tokens; none for a model that sees everything. */
    public List<Integer> windows() {
        LongformerConfig config = model.config();
        return config.attention().stream().map(LayerAttention::widest).toList();
    }

    /** Loads what is loaded lazily, and lets the compiler see the code. */
    private void warm() {
        String word = " a";
        TokenizedText some =
                session.tokenize(word.repeat(Math.min(session.longest(), WARM_TOKENS) - 2));
        session.embed(List.of(some), Pooling.MEAN, false);
        switch (model.task()) {
            case ENCODER -> {}
            case MASKED_LM -> session.fillMask(List.of(session.tokenizeMasked("<mask>", 1)), 1);
            case SEQUENCE_CLASSIFICATION -> session.classify(List.of(some));
            case TOKEN_CLASSIFICATION -> session.classifyTokens(List.of(some));
            case QUESTION_ANSWERING -> session.answer(List.of(pair()), AnswerSearch.DEFAULT);
            case MULTIPLE_CHOICE -> session.choose(List.of(List.of(pair())));
        }
    }

    private TokenizedText pair() {
        return session.tokenizePair("a", "a");
    }

    @Override
    public void close() {
        backend.close();
        tokenizer.close();
        model.close();
    }

    private static void closeAll(Deque<AutoCloseable> opened) {
        for (AutoCloseable one : opened) {
            try {
                one.close();
            } catch (Exception e) {
                throw new IllegalStateException("closing after a failed start failed too", e);
            }
        }
    }
}
