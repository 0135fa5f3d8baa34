package io.longspan.serving.service;

import io.longspan.api.v1.CallInfo;
import io.longspan.api.v1.ChooseAnswerRequest;
import io.longspan.api.v1.ChooseAnswerResponse;
import io.longspan.model.session.InferenceSession;
import io.longspan.model.session.TokenizedText;
import java.util.List;

/** Which continuation of a prompt is the right one; all of them run in one batch. */
record ChoiceQuestion(ChooseAnswerRequest request)
        implements Question<float[], ChooseAnswerResponse> {
    private static final int FEWEST = 2;
    private static final int MOST = 16;

    @Override
    public Asked tokenize(InferenceSession session) {
        int choices = request.getChoicesCount();
        if (choices < FEWEST || choices > MOST) {
            throw Refused.because(
                    "the number of choices is "
                            + choices
                            + "; it must be from "
                            + FEWEST
                            + " to "
                            + MOST);
        }
        return Asked.of(
                request.getChoicesList().stream()
                        .map(choice -> session.tokenizePair(request.getPrompt(), choice))
                        .toList());
    }

    /** The same for every prompt, whatever the number of its choices. */
    record Chooses() implements Operation<float[]> {
        @Override
        public List<float[]> run(InferenceSession session, List<List<TokenizedText>> questions) {
            return session.choose(questions);
        }
    }

    @Override
    public Chooses operation(Asked asked) {
        return new Chooses();
    }

    @Override
    public ChooseAnswerResponse answer(CallInfo call, float[] result) {
        ChooseAnswerResponse.Builder answer = ChooseAnswerResponse.newBuilder().setCall(call);
        int best = 0;
        for (int c = 0; c < result.length; c++) {
            answer.addProbabilities(result[c]);
            best = result[c] > result[best] ? c : best;
        }
        return answer.setBest(best).build();
    }
}
