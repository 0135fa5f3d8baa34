package io.longspan.serving.service;

import io.longspan.api.v1.AttentionRequest;
import io.longspan.api.v1.AttentionResponse;
import io.longspan.api.v1.AttentionRow;
import io.longspan.api.v1.CallInfo;
import io.longspan.api.v1.TokenRole;
import io.longspan.model.inspect.AttendedKey;
import io.longspan.model.inspect.AttendedRow;
import io.longspan.model.session.InferenceSession;
import io.longspan.model.session.TokenizedText;
import io.longspan.model.tokenizer.Encoding;
import java.util.List;
import java.util.stream.IntStream;

/** To which tokens chosen tokens attend in a layer. */
record AttentionQuestion(AttentionRequest request, int modelHeads)
        implements Question<AttentionQuestion.Seen, AttentionResponse> {
    private static final int MOST_ROWS = 256;
    private static final int MOST_KEYS = 4096;
    private static final int DEFAULT_KEYS = 10;

    /** The rows, and the tokens that they point at. */
    record Seen(Encoding encoding, List<AttendedRow> rows) {}

    @Override
    public Asked tokenize(InferenceSession session) {
        keys();
        if (request.getTokensCount() == 0) {
            throw Refused.because(
                    "no token is named; name the positions of those whose attention is wanted, 0 being <s>");
        }
        long rows = (long) heads().size() * request.getTokensCount();
        if (rows > MOST_ROWS) {
            throw Refused.because(
                    "the number of heads times tokens is "
                            + rows
                            + "; it may be "
                            + MOST_ROWS
                            + ", so ask for the others in another call");
        }
        return Asked.of(List.of(Texts.tokenize(session, request.getText(), request.getTextPair())));
    }

    /** Runs alone unless two ask the very same; texts come one after the other then. */
    record Attends(int layer, List<Integer> heads, List<Integer> tokens)
            implements Operation<Seen> {
        @Override
        public List<Seen> run(InferenceSession session, List<List<TokenizedText>> questions) {
            return Operation.flat(questions).stream()
                    .map(text ->
                            new Seen(
                                    text.encoding(), session.attention(text, layer, heads, tokens)))
                    .toList();
        }
    }

    @Override
    public Attends operation(Asked asked) {
        return new Attends(request.getLayer(), heads(), List.copyOf(request.getTokensList()));
    }

    @Override
    public AttentionResponse answer(CallInfo call, Seen result) {
        AttentionResponse.Builder answer = AttentionResponse.newBuilder().setCall(call);
        Encoding encoding = result.encoding();
        for (AttendedRow row : result.rows()) {
            AttentionRow.Builder made =
                    answer.addRowsBuilder()
                            .setHead(row.head())
                            .setPosition(row.position())
                            .setPiece(encoding.token(row.position()))
                            .setRole(
                                    switch (row.role()) {
                                        case LOCAL -> TokenRole.TOKEN_ROLE_LOCAL;
                                        case GLOBAL -> TokenRole.TOKEN_ROLE_GLOBAL;
                                        case MASKED -> TokenRole.TOKEN_ROLE_MASKED;
                                    })
                            .setSeen(row.keys().size());
            for (AttendedKey key : row.strongest(keys())) {
                made.addKeysBuilder()
                        .setPosition(key.position())
                        .setPiece(encoding.token(key.position()))
                        .setWeight(key.weight());
            }
        }
        return answer.build();
    }

    private List<Integer> heads() {
        return request.getHeadsCount() > 0
                ? request.getHeadsList()
                : IntStream.range(0, modelHeads).boxed().toList();
    }

    private int keys() {
        return Refused.orDefault("top_k", request.getTopK(), MOST_KEYS, DEFAULT_KEYS);
    }
}
