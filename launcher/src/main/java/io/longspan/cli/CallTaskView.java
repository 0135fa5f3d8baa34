package io.longspan.cli;

import io.longspan.api.v1.AnswerQuestionResponse;
import io.longspan.api.v1.ChooseAnswerResponse;
import io.longspan.api.v1.ClassifyResponse;
import io.longspan.api.v1.ClassifyTokensResponse;
import io.longspan.api.v1.LabelScore;
import io.longspan.cli.term.Printable;
import io.longspan.cli.term.Table;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;

/** Answers of models with a head for a task, for people. */
final class CallTaskView {
    private CallTaskView() {}

    /** The largest value first. */
    static String text(ClassifyResponse answer) {
        String value =
                switch (answer.getProblem()) {
                    case CLASSIFICATION_PROBLEM_REGRESSION -> "value";
                    case CLASSIFICATION_PROBLEM_MULTI_LABEL -> "probability of each";
                    default -> "probability";
                };
        Table table = new Table("label", value);
        answer.getLabelsList().stream()
                .sorted(Comparator.comparingDouble((LabelScore score) -> -score.getValue()))
                .forEach(score ->
                        table.row(Printable.quoted(score.getLabel()), number(score.getValue())));
        return table + "\n\n" + CallView.text(answer.getCall());
    }

    static String text(ClassifyTokensResponse answer) {
        Table table = new Table("token", "from", "to", "label", "probability");
        answer.getTokensList()
                .forEach(token ->
                        table.row(
                                Printable.quoted(token.getText()),
                                Integer.toString(token.getStart()),
                                Integer.toString(token.getEnd()),
                                Printable.quoted(token.getLabel()),
                                number(token.getProbability())));
        return table + "\n\n" + CallView.text(answer.getCall());
    }

    static String text(AnswerQuestionResponse answer) {
        Table table = new Table("answer", "from", "to", "score");
        answer.getAnswersList()
                .forEach(span ->
                        table.row(
                                Printable.quoted(span.getText()),
                                Integer.toString(span.getStart()),
                                Integer.toString(span.getEnd()),
                                number(span.getScore())));
        String found =
                answer.getAnswersCount() == 0
                        ? "the document holds no answer of that length"
                        : table.toString();
        return found + "\n\n" + CallView.text(answer.getCall());
    }

    /** The most probable choice first. */
    static String text(ChooseAnswerResponse answer, List<String> choices) {
        Table table = new Table("choice", "probability");
        IntStream.range(0, answer.getProbabilitiesCount())
                .boxed()
                .sorted(Comparator.comparingDouble((Integer c) -> -answer.getProbabilities(c)))
                .forEach(c ->
                        table.row(
                                Printable.quoted(choices.get(c)),
                                number(answer.getProbabilities(c))));
        return table + "\n\n" + CallView.text(answer.getCall());
    }

    private static String number(float value) {
        return String.format(Locale.ROOT, "%.4f", value);
    }
}
