package io.longspan.admin.playground;

import io.longspan.api.LongspanClient;
import io.longspan.api.v1.AnswerQuestionRequest;
import io.longspan.api.v1.AnswerQuestionResponse;
import io.longspan.api.v1.AttentionKey;
import io.longspan.api.v1.AttentionRequest;
import io.longspan.api.v1.AttentionResponse;
import io.longspan.api.v1.CallInfo;
import io.longspan.api.v1.ClassifyRequest;
import io.longspan.api.v1.ClassifyResponse;
import io.longspan.api.v1.EmbedResponse;
import io.longspan.api.v1.FillMaskResponse;
import io.longspan.api.v1.ModelRef;
import io.longspan.api.v1.Pooling;
import io.longspan.api.v1.Token;
import io.longspan.api.v1.TokenizeRequest;
import io.longspan.api.v1.TokenizeResponse;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Asks a server, and puts the answer into rows. */
final class Asking {
    private static final int GUESSES = 5;
    private static final int KEYS = 4096;
    private static final int ROWS = 20;
    private static final int HEATS = 5;

    private final LongspanClient client;
    private final Question question;
    private final ModelRef model;

    Asking(LongspanClient client, Question question) {
        this.client = client;
        this.question = question;
        model = ModelRef.newBuilder().setName(question.model()).build();
    }

    Outcome ask() {
        long start = System.nanoTime();
        return switch (question.task()) {
            case FILL_MASK -> fillMask(start);
            case CLASSIFY -> classify(start);
            case ANSWER -> answer(start);
            case COMPARE -> compare(start);
            case TOKENS -> tokens(start);
            case ATTENTION -> attention(start);
        };
    }

    private Outcome fillMask(long start) {
        FillMaskResponse answer = client.fillMask(question.model(), question.text(), GUESSES);
        List<List<String>> rows = new ArrayList<>();
        answer.getMasksList()
                .forEach(mask ->
                        mask.getPredictionsList()
                                .forEach(p ->
                                        rows.add(
                                                List.of(
                                                        Integer.toString(mask.getPosition()),
                                                        visible(p.getToken()),
                                                        number(p.getProbability())))));
        return outcome(answer.getCall(), start, List.of("position", "token", "probability"), rows);
    }

    /** In quotes, with what would not be seen written out. */
    private static String visible(String token) {
        return '"'
                + token.replace("\\", "\\\\")
                        .replace("\n", "\\n")
                        .replace("\r", "\\r")
                        .replace("\t", "\\t")
                + '"';
    }

    private Outcome classify(long start) {
        ClassifyResponse answer =
                client.classify(
                        ClassifyRequest.newBuilder()
                                .setModel(model)
                                .setText(question.text())
                                .setTextPair(question.second())
                                .build());
        List<List<String>> rows =
                answer.getLabelsList().stream()
                        .map(l -> List.of(l.getLabel(), number(l.getValue())))
                        .toList();
        return outcome(answer.getCall(), start, List.of("label", "value"), rows);
    }

    private Outcome answer(long start) {
        AnswerQuestionResponse answer =
                client.answerQuestion(
                        AnswerQuestionRequest.newBuilder()
                                .setModel(model)
                                .setDocument(question.text())
                                .setQuestion(question.second())
                                .setTopK(GUESSES)
                                .build());
        List<List<String>> rows =
                answer.getAnswersList().stream()
                        .map(a ->
                                List.of(
                                        a.getText(),
                                        number(a.getScore()),
                                        a.getStart() + "–" + a.getEnd()))
                        .toList();
        return outcome(answer.getCall(), start, List.of("answer", "score", "place"), rows);
    }

    private Outcome compare(long start) {
        EmbedResponse one =
                client.embed(question.model(), question.text(), Pooling.POOLING_MEAN, true);
        EmbedResponse other =
                client.embed(question.model(), question.second(), Pooling.POOLING_MEAN, true);
        double cosine = 0;
        for (int i = 0; i < one.getVectorCount(); i++) {
            cosine += (double) one.getVector(i) * other.getVector(i);
        }
        return outcome(
                one.getCall(),
                start,
                List.of("numbers", "cosine"),
                List.of(List.of(Integer.toString(one.getVectorCount()), number(cosine))));
    }

    private Outcome tokens(long start) {
        TokenizeResponse answer = tokenize();
        List<List<String>> rows =
                List.of(
                        List.of(
                                Integer.toString(answer.getTokensCount()),
                                Integer.toString(answer.getMaxTokens())));
        return new Outcome(
                Outcome.Call.of(answer.getCall()),
                System.nanoTime() - start,
                List.of("tokens", "most"),
                rows,
                pieces(answer.getTokensList(), Map.of(), -1));
    }

    private Outcome attention(long start) {
        AttentionResponse answer =
                client.attention(
                        AttentionRequest.newBuilder()
                                .setModel(model)
                                .setText(question.text())
                                .setLayer(question.layer())
                                .addHeads(question.head())
                                .addTokens(question.token())
                                .setTopK(KEYS)
                                .build());
        long spent = System.nanoTime() - start;
        List<AttentionKey> keys =
                answer.getRowsCount() == 0 ? List.of() : answer.getRows(0).getKeysList();
        Map<Integer, Float> weights = new HashMap<>();
        keys.forEach(key -> weights.put(key.getPosition(), key.getWeight()));
        List<List<String>> rows =
                keys.stream()
                        .limit(ROWS)
                        .map(k ->
                                List.of(
                                        Integer.toString(k.getPosition()),
                                        k.getPiece(),
                                        number(k.getWeight())))
                        .toList();
        return new Outcome(
                Outcome.Call.of(answer.getCall()),
                spent,
                List.of("position", "token", "weight"),
                rows,
                pieces(tokenize().getTokensList(), weights, question.token()));
    }

    private TokenizeResponse tokenize() {
        return client.tokenize(
                TokenizeRequest.newBuilder().setModel(model).setText(question.text()).build());
    }

    private List<Outcome.Piece> pieces(List<Token> tokens, Map<Integer, Float> weights, int asked) {
        int[] points = question.text().codePoints().toArray();
        double most = weights.values().stream().mapToDouble(w -> w).max().orElse(1);
        List<Outcome.Piece> pieces = new ArrayList<>();
        for (int i = 0; i < tokens.size(); i++) {
            Token token = tokens.get(i);
            int start = Math.clamp(token.getStart(), 0, points.length);
            int end = Math.clamp(token.getEnd(), start, points.length);
            String text =
                    token.getAdded() || end == start
                            ? token.getPiece()
                            : new String(points, start, end - start);
            double weight = weights.getOrDefault(i, 0f);
            int heat = weight <= 0 ? 0 : Math.max(1, (int) Math.ceil(HEATS * weight / most));
            pieces.add(new Outcome.Piece(i, text, heat, i == asked));
        }
        return pieces;
    }

    private static Outcome outcome(
            CallInfo call, long start, List<String> columns, List<List<String>> rows) {
        return new Outcome(
                Outcome.Call.of(call), System.nanoTime() - start, columns, rows, List.of());
    }

    private static String number(double value) {
        return String.format(Locale.ROOT, "%.4f", value);
    }
}
