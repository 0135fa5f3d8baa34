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

    @Override
    public List<TokenizedText> tokenize(InferenceSession session) {
        return List.of(session.tokenizeMasked(request.getText(), guesses()));
    }

    @Override
    public List<MaskGuesses> run(InferenceSession session, List<TokenizedText> texts) {
        return session.fillMask(texts, guesses()).getFirst();
    }

    @Override
    public FillMaskResponse answer(CallInfo call, List<MaskGuesses> result) {
        FillMaskResponse.Builder answer = FillMaskResponse.newBuilder().setCall(call);
        for (MaskGuesses mask : result) {
            MaskPredictions.Builder predictions =
                    answer.addMasksBuilder().setPosition(mask.position());
            for (TokenGuess guess : mask.guesses()) {
                predictions.addPredictions(
                        TokenPrediction.newBuilder()
                                .setTokenId(guess.id())
                                .setToken(guess.text())
                                .setProbability(guess.probability()));
            }
        }
        return answer.build();
    }

    private int guesses() {
        return request.getTopK() == 0 ? DEFAULT_GUESSES : request.getTopK();
    }
}
