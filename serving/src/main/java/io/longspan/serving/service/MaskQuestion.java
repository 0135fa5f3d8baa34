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
import io.longspan.model.tokenizer.RobertaTokenizer;
import java.util.List;

/** Which tokens stand behind the masks. */
record MaskQuestion(FillMaskRequest request, RobertaTokenizer tokenizer)
        implements Question<List<MaskGuesses>, FillMaskResponse> {
    private static final int DEFAULT_GUESSES = 5;
    private static final int FEW = 10;

    @Override
    public Asked tokenize(InferenceSession session) {
        if (!request.getTruncate() || request.getText().isEmpty()) {
            return Asked.of(List.of(session.tokenizeMasked(request.getText(), guesses())));
        }
        // Checks the head and the number of guesses.
        session.tokenizeMasked("<mask>", guesses());
        Asked asked = LongText.truncated(tokenizer, true).tokenize(session, request.getText());
        if (asked.parts().getFirst().getFirst().masks().isEmpty()) {
            throw Refused.because(
                    "there is no <mask> in the first "
                            + asked.tokens()
                            + " tokens of the text; put one there, or ask a longer model");
        }
        return asked;
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
    public Fills operation(Asked asked) {
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
