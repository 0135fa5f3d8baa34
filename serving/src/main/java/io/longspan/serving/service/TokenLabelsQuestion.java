package io.longspan.serving.service;

import io.longspan.api.v1.CallInfo;
import io.longspan.api.v1.ClassifyTokensRequest;
import io.longspan.api.v1.ClassifyTokensResponse;
import io.longspan.model.session.InferenceSession;
import io.longspan.model.session.TokenLabel;
import io.longspan.model.session.TokenizedText;
import io.longspan.model.tokenizer.RobertaTokenizer;
import java.util.List;

/** The classes of a text's tokens. */
record TokenLabelsQuestion(ClassifyTokensRequest request, RobertaTokenizer tokenizer)
        implements Question<List<TokenLabel>, ClassifyTokensResponse> {
    @Override
    public Asked tokenize(InferenceSession session) {
        return LongText.truncated(tokenizer, request.getTruncate())
                .tokenize(session, request.getText());
    }

    /** The same for every text. */
    record Labels() implements Operation<List<TokenLabel>> {
        @Override
        public List<List<TokenLabel>> run(
                InferenceSession session, List<List<TokenizedText>> questions) {
            return session.classifyTokens(Operation.flat(questions));
        }
    }

    @Override
    public Labels operation(Asked asked) {
        return new Labels();
    }

    @Override
    public ClassifyTokensResponse answer(CallInfo call, List<TokenLabel> result) {
        ClassifyTokensResponse.Builder answer = ClassifyTokensResponse.newBuilder().setCall(call);
        TextSlices slices = new TextSlices(request.getText());
        for (TokenLabel token : result) {
            answer.addTokensBuilder()
                    .setStart(token.start())
                    .setEnd(token.end())
                    .setText(slices.of(token.start(), token.end()))
                    .setLabel(token.label())
                    .setProbability(token.probability());
        }
        return answer.build();
    }
}
