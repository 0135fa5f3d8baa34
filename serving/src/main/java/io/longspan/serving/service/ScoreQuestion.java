package io.longspan.serving.service;

import io.longspan.api.v1.CallInfo;
import io.longspan.api.v1.ScoreRequest;
import io.longspan.api.v1.ScoreResponse;
import io.longspan.model.session.InferenceSession;
import io.longspan.model.session.TokenizedText;
import java.util.List;

/** How probable a language model finds a text, token by token. */
final class ScoreQuestion implements Question<ScoreQuestion.Judged, ScoreResponse> {
    private final ScoreRequest request;
    private final InferenceSession session;

    /** Logarithms of the probabilities of the judged tokens, in their order. */
    record Judged(TokenizedText text, List<float[]> logarithms) {}

    ScoreQuestion(ScoreRequest request, InferenceSession session) {
        this.request = request;
        this.session = session;
    }

    @Override
    public Asked tokenize(InferenceSession asked) {
        TokenizedText text = asked.tokenizeScored(request.getText());
        int judged = asked.judged(text).length;
        if (judged == 0) {
            throw Refused.because(
                    "the text holds masks only; send at least one token that can be scored");
        }
        long work = (long) judged * text.tokens();
        if (!asked.causal() && work > Asked.MOST_TOKENS) {
            throw Refused.because(
                    "to mask each of "
                            + judged
                            + " tokens of a text of "
                            + text.tokens()
                            + " takes "
                            + work
                            + " tokens; it may take "
                            + Asked.MOST_TOKENS
                            + ", so score shorter texts");
        }
        return Asked.apart(asked.scoringRuns(text));
    }

    /** Of one text; its parts share batches with each other. */
    record Scores(TokenizedText text) implements Operation<Judged> {
        @Override
        public List<Judged> run(InferenceSession session, List<List<TokenizedText>> questions) {
            List<float[]> all = session.score(text, Operation.flat(questions));
            return Operation.regrouped(questions, all).stream()
                    .map(part -> new Judged(text, part))
                    .toList();
        }
    }

    /** Tokenised again, which costs nothing beside the runs. */
    @Override
    public Scores operation(Asked asked) {
        return new Scores(session.tokenizeScored(request.getText()));
    }

    @Override
    public Judged join(Asked asked, List<Judged> parts) {
        return new Judged(
                parts.getFirst().text(),
                parts.stream().flatMap(part -> part.logarithms().stream()).toList());
    }

    @Override
    public ScoreResponse answer(CallInfo call, Judged result) {
        ScoreResponse.Builder answer =
                ScoreResponse.newBuilder().setCall(call).setCausal(session.causal());
        TextSlices slices = new TextSlices(request.getText());
        TokenizedText text = result.text();
        int[] judged = session.judged(text);
        double total = 0;
        int next = 0;
        for (float[] part : result.logarithms()) {
            for (float logarithm : part) {
                int token = judged[next++];
                int start = text.encoding().start(token);
                int end = text.encoding().end(token);
                answer.addTokensBuilder()
                        .setTokenId(text.encoding().id(token))
                        .setStart(start)
                        .setEnd(end)
                        .setText(slices.of(start, end))
                        .setLogProbability(logarithm);
                total += logarithm;
            }
        }
        return answer.setTotal(total).build();
    }
}
