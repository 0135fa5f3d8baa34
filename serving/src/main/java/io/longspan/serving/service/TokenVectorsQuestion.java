package io.longspan.serving.service;

import io.longspan.api.v1.CallInfo;
import io.longspan.api.v1.TokenEmbeddingsRequest;
import io.longspan.api.v1.TokenEmbeddingsResponse;
import io.longspan.api.v1.TokenVector;
import io.longspan.model.session.InferenceSession;
import io.longspan.model.session.TokenizedText;
import io.longspan.model.tokenizer.Encoding;
import io.longspan.model.tokenizer.RobertaTokenizer;
import java.util.Iterator;
import java.util.List;
import java.util.stream.IntStream;

/** A vector per token of a text; made into messages as the client reads them. */
record TokenVectorsQuestion(TokenEmbeddingsRequest request, RobertaTokenizer tokenizer)
        implements Question<TokenVectorsQuestion.Vectors, Iterator<TokenEmbeddingsResponse>> {
    private static final int PER_MESSAGE = 64;

    /** One vector per token. */
    record Vectors(Encoding encoding, List<float[]> vectors) {}

    @Override
    public Asked tokenize(InferenceSession session) {
        return LongText.truncated(tokenizer, request.getTruncate())
                .tokenize(session, request.getText());
    }

    /** The same for every text. */
    record Embeds() implements Operation<Vectors> {
        @Override
        public List<Vectors> run(InferenceSession session, List<List<TokenizedText>> questions) {
            List<TokenizedText> texts = Operation.flat(questions);
            List<List<float[]>> all = session.embedTokens(texts);
            return IntStream.range(0, texts.size())
                    .mapToObj(b -> new Vectors(texts.get(b).encoding(), all.get(b)))
                    .toList();
        }
    }

    @Override
    public Embeds operation(Asked asked) {
        return new Embeds();
    }

    @Override
    public Iterator<TokenEmbeddingsResponse> answer(CallInfo call, Vectors result) {
        int tokens = result.vectors().size();
        return IntStream.iterate(0, t -> t < tokens, t -> t + PER_MESSAGE)
                .mapToObj(t -> message(call, result, t, Math.min(t + PER_MESSAGE, tokens)))
                .iterator();
    }

    private static TokenEmbeddingsResponse message(
            CallInfo call, Vectors result, int from, int to) {
        TokenEmbeddingsResponse.Builder message = TokenEmbeddingsResponse.newBuilder();
        if (from == 0) {
            message.setCall(call);
        }
        Encoding encoding = result.encoding();
        for (int t = from; t < to; t++) {
            TokenVector.Builder token =
                    message.addTokensBuilder()
                            .setPosition(t)
                            .setStart(encoding.start(t))
                            .setEnd(encoding.end(t))
                            .setAdded(encoding.isSpecial(t));
            for (float value : result.vectors().get(t)) {
                token.addVector(value);
            }
        }
        return message.build();
    }
}
