package io.longspan.serving.service;

import io.longspan.api.v1.CallInfo;
import io.longspan.api.v1.TokenizeRequest;
import io.longspan.api.v1.TokenizeResponse;
import io.longspan.model.tokenizer.Encoding;
import io.longspan.model.tokenizer.RobertaTokenizer;
import io.longspan.serving.model.ServedModel;

/** The tokens of a text or of a pair. */
record TokenizeQuestion(TokenizeRequest request)
        implements TextQuestion<Encoding, TokenizeResponse> {
    @Override
    public Encoding run(ServedModel model) {
        Encoding encoding = encode(model);
        if (encoding.size() > MOST_TOKENS) {
            throw Refused.because(
                    "the text has "
                            + encoding.size()
                            + " tokens and an answer holds "
                            + MOST_TOKENS
                            + " at most; split the text");
        }
        return encoding;
    }

    private Encoding encode(ServedModel model) {
        RobertaTokenizer tokenizer = model.tokenizer();
        if (request.getTextPair().isEmpty()) {
            return tokenizer.encode(request.getText(), !request.getWithoutSpecial());
        }
        if (request.getWithoutSpecial()) {
            throw Refused.because(
                    "without_special is set and there is a second text; a pair is held apart by special tokens, so leave out one of the two");
        }
        int separators = model.model().config().inputFormat().pairSeparators();
        return tokenizer.encodePair(request.getText(), request.getTextPair(), separators);
    }

    @Override
    public int tokens(Encoding result) {
        return result.size();
    }

    @Override
    public TokenizeResponse answer(CallInfo call, ServedModel model, Encoding result) {
        TokenizeResponse.Builder answer =
                TokenizeResponse.newBuilder().setCall(call).setMaxTokens(model.session().longest());
        for (int t = 0; t < result.size(); t++) {
            answer.addTokensBuilder()
                    .setId(result.id(t))
                    .setPiece(result.token(t))
                    .setStart(result.start(t))
                    .setEnd(result.end(t))
                    .setAdded(result.isSpecial(t))
                    .setSequence(Math.max(0, result.sequence(t)));
        }
        return answer.build();
    }
}
