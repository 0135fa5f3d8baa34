package io.longspan.cli;

import io.longspan.api.v1.AttentionKey;
import io.longspan.api.v1.AttentionResponse;
import io.longspan.api.v1.AttentionRow;
import io.longspan.api.v1.ScoreResponse;
import io.longspan.api.v1.Token;
import io.longspan.api.v1.TokenEmbeddingsResponse;
import io.longspan.api.v1.TokenVector;
import io.longspan.api.v1.TokenizeResponse;
import io.longspan.cli.term.Printable;
import io.longspan.cli.term.Table;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.StringJoiner;

/** Tokens and what they attend to, for people. */
final class CallTokenView {
    private static final int LONGEST_BAR = 40;

    private static final int SHOWN = 6;

    private CallTokenView() {}

    static String text(TokenizeResponse answer) {
        Table table = new Table("position", "id", "piece", "from", "to");
        for (int t = 0; t < answer.getTokensCount(); t++) {
            Token token = answer.getTokens(t);
            table.row(
                    Integer.toString(t),
                    Integer.toString(token.getId()),
                    Printable.quoted(token.getPiece()),
                    token.getAdded() ? "" : Integer.toString(token.getStart()),
                    token.getAdded() ? "" : Integer.toString(token.getEnd()));
        }
        return table
                + String.format(
                        Locale.ROOT,
                        "%n%n%d tokens; the model reads %d%n",
                        answer.getTokensCount(),
                        answer.getMaxTokens())
                + CallView.text(answer.getCall());
    }

    static String text(ScoreResponse answer) {
        Table table = new Table("token", "from", "to", "log-probability");
        answer.getTokensList()
                .forEach(token ->
                        table.row(
                                Printable.quoted(token.getText()),
                                Integer.toString(token.getStart()),
                                Integer.toString(token.getEnd()),
                                String.format(Locale.ROOT, "%.4f", token.getLogProbability())));
        return table
                + String.format(
                        Locale.ROOT,
                        "%n%n%.4f nats together, %.4f per token%s%n",
                        answer.getTotal(),
                        answer.getTotal() / Math.max(1, answer.getTokensCount()),
                        answer.getCausal() ? "" : ", each token masked on its own")
                + CallView.text(answer.getCall());
    }

    /** The first numbers of each vector. */
    static String text(TokenEmbeddingsResponse part) {
        List<String> lines = new ArrayList<>();
        for (TokenVector token : part.getTokensList()) {
            StringJoiner numbers = new StringJoiner(", ", "[", ", ...]");
            token.getVectorList().stream()
                    .limit(SHOWN)
                    .forEach(n -> numbers.add(String.format(Locale.ROOT, "%.4f", n)));
            lines.add(
                    String.format(
                            Locale.ROOT,
                            "%6d  %6d to %6d  %s",
                            token.getPosition(),
                            token.getStart(),
                            token.getEnd(),
                            numbers));
        }
        return String.join("\n", lines);
    }

    static String text(AttentionResponse answer, int layer) {
        List<String> lines = new ArrayList<>();
        answer.getRowsList().forEach(row -> add(row, layer, lines));
        return String.join("\n", lines) + "\n" + CallView.text(answer.getCall());
    }

    private static void add(AttentionRow row, int layer, List<String> lines) {
        lines.add(
                String.format(
                        Locale.ROOT,
                        "layer %d, head %d: token %d (%s, %s) sees %d tokens",
                        layer,
                        row.getHead(),
                        row.getPosition(),
                        Printable.quoted(row.getPiece()),
                        row.getRole().name().replace("TOKEN_ROLE_", "").toLowerCase(Locale.ROOT),
                        row.getSeen()));
        float largest = row.getKeysCount() == 0 ? 1 : row.getKeys(0).getWeight();
        for (AttentionKey key : row.getKeysList()) {
            int bar = Math.round(LONGEST_BAR * key.getWeight() / largest);
            lines.add(
                    String.format(
                            Locale.ROOT,
                            "%6d  %.4f  %-40s  %s",
                            key.getPosition(),
                            key.getWeight(),
                            "#".repeat(bar),
                            Printable.quoted(key.getPiece())));
        }
        lines.add("");
    }
}
