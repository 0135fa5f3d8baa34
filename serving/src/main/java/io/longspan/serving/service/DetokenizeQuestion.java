package io.longspan.serving.service;

import io.longspan.api.v1.CallInfo;
import io.longspan.api.v1.DetokenizeRequest;
import io.longspan.api.v1.DetokenizeResponse;
import io.longspan.serving.model.ServedModel;

/** The text of token ids. */
record DetokenizeQuestion(DetokenizeRequest request)
        implements TextQuestion<String, DetokenizeResponse> {
    @Override
    public String run(ServedModel model) {
        int count = request.getIdsCount();
        if (count < 1 || count > MOST_TOKENS) {
            throw Refused.because(
                    "the number of ids is " + count + "; it must be from 1 to " + MOST_TOKENS);
        }
        int[] ids = request.getIdsList().stream().mapToInt(Integer::intValue).toArray();
        return model.tokenizer().decode(ids, request.getSkipSpecial());
    }

    @Override
    public int tokens(String result) {
        return request.getIdsCount();
    }

    @Override
    public DetokenizeResponse answer(CallInfo call, ServedModel model, String result) {
        return DetokenizeResponse.newBuilder().setCall(call).setText(result).build();
    }
}
