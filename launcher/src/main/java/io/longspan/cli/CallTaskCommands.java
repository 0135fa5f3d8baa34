package io.longspan.cli;

import io.longspan.api.v1.AnswerQuestionRequest;
import io.longspan.api.v1.AnswerQuestionResponse;
import io.longspan.api.v1.ChooseAnswerRequest;
import io.longspan.api.v1.ChooseAnswerResponse;
import io.longspan.api.v1.ClassifyRequest;
import io.longspan.api.v1.ClassifyResponse;
import io.longspan.api.v1.ClassifyTokensRequest;
import io.longspan.api.v1.ClassifyTokensResponse;
import io.longspan.api.v1.ModelRef;
import io.longspan.api.v1.Windows;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The commands of {@code call} that ask a model with a head for a task. */
final class CallTaskCommands {
    private CallTaskCommands() {}

    private static ModelRef model(TextOptions text) {
        return ModelRef.newBuilder().setName(text.model()).build();
    }

    /** Says to which classes a text belongs. */
    @Command(
            name = "classify",
            description = "Say to which classes a text belongs, or which numbers it stands for.",
            mixinStandardHelpOptions = true,
            footer = {
                "",
                "Example: longspan call classify --model reviews --text \"A film worth two hours.\"",
                "Example: longspan call classify --model pairs --file first.txt --pair \"The second text.\" --json"
            })
    static final class Classify implements Callable<Integer> {
        @Mixin private CallOptions options;
        @Mixin private TextOptions text;
        @Mixin private LongTextOptions longText;

        @Option(
                names = "--pair",
                defaultValue = "",
                paramLabel = "TEXT",
                description = "Second text, for a model that was trained with pairs.")
        private String pair;

        @Override
        public Integer call() {
            ClassifyRequest.Builder request =
                    ClassifyRequest.newBuilder()
                            .setModel(model(text))
                            .setText(text.text())
                            .setTextPair(pair)
                            .setTruncate(longText.truncate());
            longText.windows().ifPresent(request::setWindows);
            return options.call(client -> {
                ClassifyResponse answer = client.classify(request.build());
                options.print(answer, CallTaskView.text(answer));
            });
        }
    }

    /** Labels the tokens of a text. */
    @Command(
            name = "classify-tokens",
            description = "Label the tokens of a text.",
            mixinStandardHelpOptions = true,
            footer = {
                "",
                "Example: longspan call classify-tokens --model names --text \"Ada lived in London.\""
            })
    static final class ClassifyTokens implements Callable<Integer> {
        @Mixin private CallOptions options;
        @Mixin private TextOptions text;

        @Option(
                names = "--truncate",
                description =
                        "Cut off the end of a text that is too long; the answer says how much.")
        private boolean truncate;

        @Override
        public Integer call() {
            ClassifyTokensRequest request =
                    ClassifyTokensRequest.newBuilder()
                            .setModel(model(text))
                            .setText(text.text())
                            .setTruncate(truncate)
                            .build();
            return options.call(client -> {
                ClassifyTokensResponse answer = client.classifyTokens(request);
                options.print(answer, CallTaskView.text(answer));
            });
        }
    }

    /** Answers a question from a document. */
    @Command(
            name = "answer",
            description = {
                "Look for the answer to a question in a document.",
                "The document comes from --text or from --file."
            },
            mixinStandardHelpOptions = true,
            footer = {
                "",
                "Example: longspan call answer --model trivia --question \"Who wrote it?\" --file book.txt",
                "Example: longspan call answer --question \"Where?\" --text \"It is in Delft.\" --top 3 --json"
            })
    static final class Answer implements Callable<Integer> {
        @Mixin private CallOptions options;
        @Mixin private TextOptions text;

        @Option(
                names = "--windows",
                description =
                        "Read a document that does not fit behind its question in overlapping windows.")
        private boolean windows;

        @Option(
                names = "--question",
                required = true,
                paramLabel = "TEXT",
                description = "The question.")
        private String question;

        @Option(
                names = "--top",
                defaultValue = "1",
                paramLabel = "K",
                description = "Answers at most, 1 to 100. Default: ${DEFAULT-VALUE}.")
        private int top;

        @Option(
                names = "--candidates",
                defaultValue = "20",
                paramLabel = "N",
                description =
                        "Best first and best last tokens that are looked at, 1 to 1000. Default: ${DEFAULT-VALUE}.")
        private int candidates;

        @Option(
                names = "--longest",
                defaultValue = "30",
                paramLabel = "N",
                description = "Tokens of an answer at most. Default: ${DEFAULT-VALUE}.")
        private int longest;

        @Override
        public Integer call() {
            AnswerQuestionRequest.Builder request =
                    AnswerQuestionRequest.newBuilder()
                            .setModel(model(text))
                            .setQuestion(question)
                            .setDocument(text.text())
                            .setTopK(CallLimits.positive("--top", top))
                            .setCandidates(CallLimits.positive("--candidates", candidates))
                            .setLongestAnswer(CallLimits.positive("--longest", longest));
            if (windows) {
                request.setWindows(Windows.getDefaultInstance());
            }
            return options.call(client -> {
                AnswerQuestionResponse answer = client.answerQuestion(request.build());
                options.print(answer, CallTaskView.text(answer));
            });
        }
    }

    /** Chooses a continuation. */
    @Command(
            name = "choose",
            description = {
                "Choose among continuations of a prompt.",
                "The prompt comes from --text or from --file."
            },
            mixinStandardHelpOptions = true,
            footer = {
                "",
                "Example: longspan call choose --text \"The sun rises in the\" --choice east --choice west"
            })
    static final class Choose implements Callable<Integer> {
        @Mixin private CallOptions options;
        @Mixin private TextOptions text;

        @Option(
                names = "--choice",
                required = true,
                paramLabel = "TEXT",
                description = "A continuation; given 2 to 16 times.")
        private List<String> choices;

        @Override
        public Integer call() {
            ChooseAnswerRequest request =
                    ChooseAnswerRequest.newBuilder()
                            .setModel(model(text))
                            .setPrompt(text.text())
                            .addAllChoices(choices)
                            .build();
            return options.call(client -> {
                ChooseAnswerResponse answer = client.chooseAnswer(request);
                options.print(answer, CallTaskView.text(answer, choices));
            });
        }
    }
}
