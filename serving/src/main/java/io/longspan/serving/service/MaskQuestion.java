package io.longspan.serving.service;

import io.longspan.api.v1.CallInfo;
import io.longspan.api.v1.FillMaskRequest;
import io.longspan.api.v1.FillMaskResponse;
import io.longspan.api.v1.MaskPredictions;
import io.longspan.api.v1.TokenPrediction;
import io.longspan.model.session.InferenceSession;
import io.longspan.model.session.MaskGuesses;
import io.longspan.model.session.TokenGuess;
import io.longspan.model.session.TokenizedText;
import java.util.List;

/** Which tokens stand behind the masks. */
record MaskQuestion(FillMaskRequest request)
        implements Question<List<MaskGuesses>, FillMaskResponse> {
    private static final int DEFAULT_GUESSES = 5;
    private static final int FEW = 10;

    @Override
    public List<TokenizedText> tokenize(InferenceSession session) {
        return List.of(session.tokenizeMasked(request.getText(), guesses()));
    }

    /** As many guesses for all as the most that a text of the batch may want. */
    record Fills(int guesses) implements Operation<List<MaskGuesses>> {
        @Override
        public List<List<MaskGuesses>> run(
                InferenceSession session, List<List<TokenizedText>> questions) {
            return session.fillMask(Operation.flat(questions), guesses);
        }
    }

    /** Of few kinds, so that questions with different numbers of guesses share batches. */
    @Override
    public Fills operation() {
        return new Fills(guesses() <= FEW ? FEW : InferenceSession.MOST_GUESSES);
    }

    @Override
    public FillMaskResponse answer(CallInfo call, List<MaskGuesses> result) {
        FillMaskResponse.Builder answer = FillMaskResponse.newBuilder().setCall(call);
        for (MaskGuesses mask : result) {
            MaskPredictions.Builder predictions =
                    answer.addMasksBuilder().setPosition(mask.position());
            for (TokenGuess guess : best(mask)) {
                predictions.addPredictions(
                        TokenPrediction.newBuilder()
                                .setTokenId(guess.id())
                                .setToken(guess.text())
                                .setProbability(guess.probability()));
            }
        }
        return answer.build();
    }

    private List<TokenGuess> best(MaskGuesses mask) {
        List<TokenGuess> guesses = mask.guesses();
        return guesses.subList(0, Math.min(guesses(), guesses.size()));
    }

    private int guesses() {
        return request.getTopK() == 0 ? DEFAULT_GUESSES : request.getTopK();
    }
}
